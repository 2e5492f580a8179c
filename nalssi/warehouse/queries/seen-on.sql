-- The pages that show a snapshot, with the line on which it begins and the printed date.
-- - snapshot: id of the snapshot
SELECT site, uri, captured_at, line, printed_on, date_source
FROM seen_lists
WHERE snapshot_id = $snapshot
ORDER BY captured_at, uri, line
