-- How many readings each day (KST) has, by the day of observation. The undated ones come first.
SELECT observed_on, count(*) AS readings
FROM readings
JOIN timed_snapshots USING (snapshot_id)
GROUP BY observed_on
ORDER BY observed_on NULLS FIRST
