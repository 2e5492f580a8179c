-- The months of one region, with the number of days that have readings, and of representative days.
-- - region: number of the region, from 1 in the north
SELECT
    month, region_ko, mean_c, min_c, max_c, days, readings, lists, hours,
    representative_days, representative
FROM monthly_regions
WHERE region_id = $region::INTEGER
ORDER BY month
