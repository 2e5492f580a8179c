-- The statistics of regions by day, from the view daily_regions, which defines them.
-- Parameters, each of which selects everything if it is null: since, until (days, KST), region
-- (number).
SELECT
    region_id,
    observed_on,
    mean_c,
    min_c AS low_c,
    max_c AS high_c,
    readings,
    hours,
    lists,
    first_at,
    last_at,
    representative
FROM daily_regions
WHERE ($since IS NULL OR observed_on >= $since)
    AND ($until IS NULL OR observed_on <= $until)
    AND ($region IS NULL OR region_id = $region)
ORDER BY region_id, observed_on
