-- The number of excluded readings by reason. If the selection names a snapshot, the readings of
-- other snapshots are not counted.
SELECT excluded_for, count(*) AS readings
FROM readings_with_exclusion
WHERE excluded_for <> 'other_snapshots'
GROUP BY excluded_for
ORDER BY excluded_for
