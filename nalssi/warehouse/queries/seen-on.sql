-- Where a snapshot was seen: pages, the line on which it begins, and what date was printed there.
-- - snapshot: its id
SELECT site, uri, captured_at, line, printed_on, date_source
FROM sightings
JOIN documents USING (document_id)
WHERE snapshot_id = $snapshot
ORDER BY captured_at, uri, line
