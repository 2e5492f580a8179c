-- The regions on one day, from north to south, and how many stations and hours they rest on.
-- - day: the day, e.g. 2025-12-19
SELECT
    region_ko, region_en, mean_c, min_c, max_c, stations, readings,
    lists, hours, first_at, last_at, representative_stations, representative
FROM daily_regions
WHERE observed_on = $day::DATE
ORDER BY region_id
