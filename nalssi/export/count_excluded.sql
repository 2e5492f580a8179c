-- The number of excluded readings by reason. The other snapshots are not counted if one snapshot was
-- asked for.
SELECT excluded_for, count(*) AS readings
FROM readings_with_exclusion
WHERE excluded_for <> 'other_snapshots'
GROUP BY excluded_for
ORDER BY excluded_for
