-- A row is a snapshot with the date that it prints and what is concluded about its time. The hour
-- is from KMA's feed, or else the only hour whose official observations fit.
-- - snapshot_id: the snapshot
-- - printed_on: printed or captured date (KST); null if unknown
-- - observed_on: day of observation (KST): that of `observed_at` if that is known, else the printed
--   date; null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: source of the hour: feed or official; null if the hour is unknown
-- - not_before: the hour is not before this instant; null if there is no such limit
-- - not_after: the hour is not after this instant; null if there is no such limit
-- - clock_at: the hour if it is known, else the first capture if it is on that day; null otherwise
-- - clock_source: source of clock_at: feed, official or capture; null if it is unknown
-- - counts_as: the observation that the snapshot shows: lists of one hour count as one of them
-- - station_count: stations in the list [stations]
SELECT
    snapshot_id,
    snapshots.observed_on AS printed_on,
    day AS observed_on,
    conclusions.observed_at,
    hour_source,
    not_before,
    not_after,
    clock_at,
    clock_source,
    counts_as,
    station_count
FROM conclusions JOIN snapshots USING (snapshot_id)
