-- The readings of one station minus KMA's official values of the same hour, in a period.
-- - station: its number, Korean name or English name, e.g. 서울
-- - since: first day
-- - until: last day
SELECT observed_at, hour_source, temperature_c, official_c, difference_c, source, snapshot_id
FROM official_differences
WHERE station_id = $station AND observed_on BETWEEN $since::DATE AND $until::DATE
ORDER BY observed_at, snapshot_id
