-- The typical course of a day at one station: the mean of each hour, in each month.
-- - station: its number, Korean name or English name, e.g. 서울
SELECT month, kst_hour, mean_c, min_c, max_c, days
FROM hours_of_day
WHERE station_id = $station
ORDER BY month, kst_hour
