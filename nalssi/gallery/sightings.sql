-- Where each snapshot was seen, and what dates it there.
SELECT snapshot_id, site, uri, captured_at, date_source, printed_on
FROM sightings
JOIN documents USING (document_id)
ORDER BY snapshot_id, site NULLS LAST, uri, captured_at, line
