-- One station's days in a period: mean, lowest and highest reading.
-- - station: its name in Hangul, e.g. 서울
-- - since: first day
-- - until: last day
SELECT observed_on, mean_c, min_c, max_c, readings
FROM daily_stations
WHERE name_ko = $station AND observed_on BETWEEN $since::DATE AND $until::DATE
ORDER BY observed_on
