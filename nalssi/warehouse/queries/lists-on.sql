-- The lists of one day, with their hour, its source and the number of stations.
-- - day: the day, e.g. 2025-12-19
SELECT snapshot_id, clock_at, clock_source, printed_on, station_count, counts_as
FROM timed_snapshots
WHERE observed_on = $day::DATE
ORDER BY clock_at, snapshot_id
