-- The months of one region, with the number of days that have readings, and of representative days.
-- - region: its number, Korean name or English name, e.g. 제주
SELECT
    month, region_ko, mean_c, min_c, max_c, days, readings, lists, hours,
    representative_days, representative
FROM monthly_regions
WHERE region_id = $region
ORDER BY month
