-- The regions on one day, from the warmest, and whether they rest on the same lists.
-- - day: the day, e.g. 2025-12-19
SELECT place, region_ko, region_en, mean_c, min_c, max_c, stations, comparable, representative
FROM ranked_regions
WHERE observed_on = $day::DATE
ORDER BY place, region_id
