-- The ten regions on one day, from north to south.
-- - day: the day, e.g. 2025-12-19
SELECT region_ko, region_en, mean_c, min_c, max_c, stations, readings
FROM daily_regions
WHERE observed_on = $day::DATE
ORDER BY region_id
