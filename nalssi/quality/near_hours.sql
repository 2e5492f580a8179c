-- Snapshots of known hour within `hours` of the known hours of `quality_wanted`.
WITH timed AS (
    SELECT snapshot_id, observed_at FROM snapshots WHERE observed_at IS NOT NULL
    UNION ALL
    SELECT snapshot_id, reconciliations.observed_at
    FROM reconciliations JOIN snapshots USING (snapshot_id)
    WHERE snapshots.observed_at IS NULL AND reconciliations.observed_at IS NOT NULL
),
wanted AS MATERIALIZED (
    SELECT DISTINCT observed_at AS hour FROM timed SEMI JOIN quality_wanted USING (snapshot_id)
),
near AS MATERIALIZED (
    SELECT snapshot_id, observed_at
    FROM timed
    WHERE observed_at BETWEEN (SELECT min(hour) FROM wanted) - to_hours($hours)
        AND (SELECT max(hour) FROM wanted) + to_hours($hours)
)
SELECT snapshot_id
FROM near ASOF JOIN wanted ON observed_at >= hour
WHERE observed_at <= hour + to_hours($hours)
UNION
SELECT snapshot_id
FROM near ASOF JOIN wanted ON observed_at <= hour
WHERE observed_at >= hour - to_hours($hours)
