-- One station's days in a period: mean, lowest and highest, and how many hours they rest on.
-- - station: its number, Korean name or English name, e.g. 서울
-- - since: first day
-- - until: last day
SELECT
    observed_on, mean_c, min_c, max_c, readings, lists, hours, first_at, last_at, representative
FROM daily_stations
WHERE station_id = $station AND observed_on BETWEEN $since::DATE AND $until::DATE
ORDER BY observed_on
