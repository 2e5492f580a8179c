-- When each day last changed: the end of the newest load that sighted one of its lists. A list
-- belongs to its day of observation and to its printed date. The row without a day is the newest
-- load of all.
WITH sighted AS (
    SELECT observed_on, timed_snapshots.printed_on, finished_at
    FROM sightings JOIN loads USING (load_id) JOIN timed_snapshots USING (snapshot_id)
)
SELECT day, max(finished_at) AS modified_at
FROM (
    SELECT observed_on AS day, finished_at FROM sighted WHERE observed_on IS NOT NULL
    UNION ALL
    SELECT printed_on, finished_at FROM sighted WHERE printed_on IS NOT NULL
    UNION ALL
    SELECT NULL, finished_at FROM sighted
)
GROUP BY day
