-- The kinds of weather that a station's lists told, with their mean temperature.
-- - station: its name in Hangul, e.g. 서울
SELECT condition, count(*) AS readings, round(avg(round(temperature_c * 10)::INTEGER)) / 10 AS mean_c
FROM usable_readings
WHERE name_ko = $station
GROUP BY condition
ORDER BY readings DESC, condition
