-- How many readings each day has. The undated ones come first.
SELECT observed_on, count(*) AS readings
FROM readings
JOIN snapshots USING (snapshot_id)
GROUP BY observed_on
ORDER BY observed_on NULLS FIRST
