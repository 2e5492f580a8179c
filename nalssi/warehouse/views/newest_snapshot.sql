-- A row is the newest snapshot that has a usable reading; there is one row, or none. An undated
-- snapshot counts only if no snapshot is dated. The rule for "newest" is in `macros/newest_order.sql`.
-- - snapshot_id: the snapshot
-- - observed_on: day of observation (KST); null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: source of the hour: feed or official; null if the hour is unknown
-- - clock_at: the hour if it is known, else the first capture if it is on that day; null otherwise
-- - clock_source: source of clock_at: feed, official or capture; null if it is unknown
-- - station_count: stations in the list [stations]
SELECT snapshot_id, observed_on, observed_at, hour_source, clock_at, clock_source, station_count
FROM snapshot_recency
WHERE usable > 0
    -- The newest day is looked up first, so that only its snapshots are sorted.
    AND observed_on IS NOT DISTINCT FROM (SELECT max(day) FROM conclusions WHERE usable > 0)
ORDER BY recency DESC
LIMIT 1
