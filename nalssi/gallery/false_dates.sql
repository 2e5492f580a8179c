-- The snapshots whose printed or captured date is false: they were observed on another day, or it is
-- not known when. first_on and last_on are not null if the list stands under several dates.
SELECT
    printed_on,
    snapshot_id,
    observed_on,
    clock_at,
    clock_source,
    first_on,
    last_on
FROM timed_snapshots
LEFT JOIN repeated_lists USING (snapshot_id)
WHERE printed_on IS NOT NULL AND observed_on IS DISTINCT FROM printed_on
ORDER BY printed_on, snapshot_id
