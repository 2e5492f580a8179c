-- The regions in the newest list, from north to south.
SELECT
    observed_on, clock_at, region_ko, region_en, mean_c, min_c, max_c, stations_used,
    stations_left_out
FROM latest_regions
ORDER BY region_id
