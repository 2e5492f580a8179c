-- The conditions at one station: how many readings each has, and their mean temperature.
-- - station: its name in Hangul, e.g. 서울
SELECT condition, count(*) AS readings, round(avg(round(temperature_c * 10)::INTEGER)) / 10 AS mean_c
FROM usable_readings
WHERE name_ko = $station
GROUP BY condition
ORDER BY readings DESC, condition
