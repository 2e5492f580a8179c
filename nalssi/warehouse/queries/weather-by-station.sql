-- The conditions at one station: how many distinct observations each has, and their mean
-- temperature.
-- - station: its number, Korean name or English name, e.g. 서울
SELECT condition, lists, mean_c
FROM station_weather
WHERE station_id = $station
ORDER BY lists DESC, condition
