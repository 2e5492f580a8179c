-- A row is a snapshot of the newest day that has a usable reading. These are the rows of
-- `snapshot_recency` for that day, and of no other day; undated snapshots if no day is known.
-- - snapshot_id: the snapshot
-- - observed_on: the newest day (KST); null if no snapshot is dated
-- - observed_at: hour of observation; null if unknown
-- - hour_source: source of the hour: feed or reconciled; null if the hour is unknown
-- - station_count: stations in the list [stations]
-- - unusable: stations whose reading is not usable [stations]
-- - recency: sort key; the newest snapshot has the greatest
WITH newest_day AS MATERIALIZED (
    SELECT
        snapshot_id,
        conclusions.observed_on,
        conclusions.observed_at,
        hour_source,
        station_count,
        unusable
    FROM conclusions JOIN snapshots USING (snapshot_id)
    WHERE usable > 0
        AND conclusions.observed_on IS NOT DISTINCT FROM (
            SELECT max(observed_on) FROM conclusions WHERE usable > 0
        )
),
-- On a large warehouse, this semi-join halves the time: DuckDB does not push the day into a view.
captures AS (
    SELECT snapshot_id, min(captured_at) AS first_captured_at
    FROM sightings SEMI JOIN newest_day USING (snapshot_id) JOIN documents USING (document_id)
    GROUP BY snapshot_id
)
SELECT
    newest_day.*,
    recency(observed_on, observed_at, first_captured_at, station_count, snapshot_id) AS recency
FROM newest_day LEFT JOIN captures USING (snapshot_id)
