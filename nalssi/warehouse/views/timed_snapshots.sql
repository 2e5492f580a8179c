-- A row is a snapshot with the best that is known about its time: the hour that the feed told or,
-- where the feed told none, the one hour whose official observations fit.
-- - snapshot_id: the snapshot
-- - observed_on: day (KST): that of observed_at where it is known, else the date that the list
--   stands under; null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: how the hour is known: feed, reconciled; null if it is not
-- - station_count: stations in the list [stations]
WITH timed AS (
    SELECT
        snapshot_id,
        snapshots.observed_on AS stands_under,
        coalesce(snapshots.observed_at, reconciliations.observed_at) AS observed_at,
        CASE
            WHEN snapshots.observed_at IS NOT NULL THEN 'feed'
            WHEN reconciliations.observed_at IS NOT NULL THEN 'reconciled'
        END AS hour_source,
        station_count
    FROM snapshots LEFT JOIN reconciliations USING (snapshot_id)
)
SELECT
    snapshot_id,
    -- Days since 1970 in Korea, nine hours ahead: six times as fast as AT TIME ZONE, and the same
    -- since 1988, when summer time ended.
    coalesce(
        '1970-01-01'::DATE + ((epoch_us(observed_at) + 32_400_000_000) // 86_400_000_000)::INTEGER,
        stands_under
    ) AS observed_on,
    observed_at,
    hour_source,
    station_count
FROM timed
