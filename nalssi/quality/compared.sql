-- Snapshots of known hour, if any of `quality_wanted` was compared with official observations: what
-- was may have had another hour before, so that every known hour is near.
SELECT snapshot_id
FROM snapshots LEFT JOIN reconciliations USING (snapshot_id)
WHERE coalesce(snapshots.observed_at, reconciliations.observed_at) IS NOT NULL
    AND EXISTS (SELECT 1 FROM reconciliations SEMI JOIN quality_wanted USING (snapshot_id))
