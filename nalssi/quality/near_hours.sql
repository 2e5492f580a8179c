-- Snapshots of known hour within `hours` of the known hours of `quality_wanted`. What was compared
-- with official observations may have had another hour before: then every known hour is near.
WITH timed AS (
    SELECT
        snapshot_id,
        coalesce(snapshots.observed_at, reconciliations.observed_at) AS observed_at,
        reconciliations.snapshot_id IS NOT NULL AS compared
    FROM snapshots LEFT JOIN reconciliations USING (snapshot_id)
),
wanted AS (
    SELECT bool_or(compared) AS any_hour, list(observed_at) AS hours
    FROM timed SEMI JOIN quality_wanted USING (snapshot_id)
)
SELECT DISTINCT timed.snapshot_id
FROM timed, wanted
WHERE timed.observed_at IS NOT NULL AND any_hour
UNION
SELECT DISTINCT timed.snapshot_id
FROM timed JOIN (SELECT DISTINCT unnest(hours) AS hour FROM wanted) AS near
ON timed.observed_at BETWEEN hour - to_hours($hours) AND hour + to_hours($hours)
