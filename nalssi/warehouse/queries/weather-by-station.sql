-- The conditions at one station: how many distinct observations each has, and their mean
-- temperature.
-- - station: its name in Hangul, e.g. 서울
SELECT condition, count(*) AS lists, round(avg(round(temperature_c * 10)::INTEGER)) / 10 AS mean_c
FROM hourly_stations
WHERE name_ko = $station
GROUP BY condition
ORDER BY lists DESC, condition
