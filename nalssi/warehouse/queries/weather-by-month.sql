-- The conditions at one station by month, as a share of its distinct observations.
-- - station: its number, Korean name or English name, e.g. 서울
SELECT month, condition, lists, share, mean_c
FROM monthly_weather
WHERE station_id = $station
ORDER BY month, lists DESC, condition
