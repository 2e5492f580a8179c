-- A row is the newest snapshot that has a usable reading; there is one row, or none. An undated
-- snapshot counts only if no snapshot is dated. The rule for "newest" is in `macros/recency.sql`.
-- - snapshot_id: the snapshot
-- - observed_on: day (KST); null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: source of the hour: feed or reconciled; null if the hour is unknown
-- - station_count: stations in the list [stations]
SELECT snapshot_id, observed_on, observed_at, hour_source, station_count
FROM newest_day_snapshots
ORDER BY recency DESC
LIMIT 1
