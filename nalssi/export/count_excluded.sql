-- How many readings stay behind, by reason.
SELECT left_out, count(*) AS readings
FROM weighed
WHERE left_out <> 'other_snapshots'
GROUP BY left_out
ORDER BY left_out
