-- The readings of one day, or printed under it, that are not good, and the quality tests that they failed.
-- - day: the day, e.g. 2025-12-19
SELECT name_ko, name_en, temperature_c, flag, failed, snapshot_id
FROM every_reading
WHERE flag <> 1 AND $day::DATE IN (observed_on, printed_on)
ORDER BY flag DESC, station_id, snapshot_id
