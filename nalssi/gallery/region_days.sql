-- Usable readings of each region by day, each station counting once.
SELECT
    observed_on, region_id,
    mean_c, min_c AS low_c, max_c AS high_c, readings AS count,
    region_ko AS name_ko, region_en AS name_en
FROM daily_regions
WHERE observed_on IS NOT NULL
ORDER BY observed_on, region_id
