-- A row is a snapshot with its day and hour. The hour is from KMA's feed, or else the only hour
-- whose official observations fit.
-- - snapshot_id: the snapshot
-- - observed_on: day (KST) of `observed_at` if that is known, else the printed date; null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: source of the hour: feed or reconciled; null if the hour is unknown
-- - station_count: stations in the list [stations]
SELECT
    snapshot_id,
    conclusions.observed_on,
    conclusions.observed_at,
    hour_source,
    station_count
FROM conclusions JOIN snapshots USING (snapshot_id)
