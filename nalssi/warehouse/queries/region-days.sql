-- The days of one region in a period, and how many stations and hours they rest on.
-- - region: its number, Korean name or English name, e.g. 제주
-- - since: first day
-- - until: last day
SELECT
    observed_on, region_ko, mean_c, min_c, max_c, stations, lists, hours, representative
FROM daily_regions
WHERE region_id = $region AND observed_on BETWEEN $since::DATE AND $until::DATE
ORDER BY observed_on
