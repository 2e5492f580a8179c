-- A row is a snapshot with its recency: order by it to list snapshots from the oldest to the
-- newest. Not restricted to usable readings.
-- - snapshot_id: the snapshot
-- - observed_on: day (KST); null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: source of the hour: feed or reconciled; null if the hour is unknown
-- - station_count: stations in the list [stations]
-- - usable: stations with a usable reading [stations]
-- - recency: sort key; the newest snapshot has the greatest (`macros/recency.sql` has the rule)
WITH captures AS (
    SELECT snapshot_id, min(captured_at) AS first_captured_at
    FROM sightings JOIN documents USING (document_id)
    GROUP BY snapshot_id
)
SELECT
    snapshot_id,
    conclusions.observed_on,
    conclusions.observed_at,
    hour_source,
    station_count,
    usable,
    recency(
        conclusions.observed_on,
        conclusions.observed_at,
        first_captured_at,
        station_count,
        snapshot_id
    ) AS recency
FROM conclusions JOIN snapshots USING (snapshot_id) LEFT JOIN captures USING (snapshot_id)
