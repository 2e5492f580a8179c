-- The newest snapshot that has a selected reading. The order is that of the view latest_readings:
-- the latest day; then the latest known hour; then the latest first capture; then the longest list.
WITH captures AS (
    SELECT snapshot_id, min(captured_at) AS first_captured_at
    FROM sightings JOIN documents USING (document_id)
    GROUP BY snapshot_id
)
SELECT snapshot_id
FROM timed_snapshots
SEMI JOIN (FROM readings_with_exclusion WHERE excluded_for IS NULL) AS selected USING (snapshot_id)
LEFT JOIN captures USING (snapshot_id)
ORDER BY
    observed_on DESC NULLS LAST,
    observed_at DESC NULLS LAST,
    first_captured_at DESC NULLS LAST,
    station_count DESC,
    snapshot_id DESC
LIMIT 1
