-- Snapshots dated within `days` of one of `quality_wanted`.
SELECT snapshot_id
FROM snapshots
SEMI JOIN (
    SELECT DISTINCT observed_on + CAST(shift AS INTEGER) AS observed_on
    FROM snapshots
    SEMI JOIN quality_wanted USING (snapshot_id),
    range(-$days, $days + 1) AS shifts (shift)
    WHERE observed_on IS NOT NULL
) USING (observed_on)
