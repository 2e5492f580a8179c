-- A row is a snapshot with the best that is known about its time: the hour that the feed told or,
-- where the feed told none, the one hour whose official observations fit.
-- - snapshot_id: the snapshot
-- - observed_on: day (KST): that of observed_at where it is known, else the date that the list
--   stands under; null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: how the hour is known: feed, reconciled; null if it is not
-- - station_count: stations in the list [stations]
SELECT
    snapshot_id,
    conclusions.observed_on,
    conclusions.observed_at,
    hour_source,
    station_count
FROM conclusions JOIN snapshots USING (snapshot_id)
