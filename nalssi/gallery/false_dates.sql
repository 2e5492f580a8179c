-- The snapshots whose printed or captured date is false: they were observed on another day, or it is
-- not known when. first_on and last_on are not null if the list stands under several dates. nth is
-- the number of the list among those of its day with the same clock time.
WITH numbered AS (
    SELECT
        snapshot_id,
        row_number() OVER (
            PARTITION BY observed_on, date_trunc('minute', clock_at) ORDER BY recency
        ) AS nth
    FROM snapshot_recency
)
SELECT
    printed_on,
    snapshot_id,
    observed_on,
    clock_at,
    clock_source,
    first_on,
    last_on,
    nth
FROM timed_snapshots
JOIN numbered USING (snapshot_id)
LEFT JOIN repeated_lists USING (snapshot_id)
WHERE printed_on IS NOT NULL AND observed_on IS DISTINCT FROM printed_on
ORDER BY printed_on, snapshot_id
