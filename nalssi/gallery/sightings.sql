-- The pages that print the snapshots of a span of days (KST), and what dates each one there.
-- Parameters: since, until (dates); undated (true: only the snapshots without a day).
SELECT snapshot_id, site, uri, captured_at, date_source, sightings.printed_on
FROM sightings
JOIN documents USING (document_id)
JOIN timed_snapshots USING (snapshot_id)
WHERE CASE WHEN $undated THEN observed_on IS NULL ELSE observed_on BETWEEN $since AND $until END
ORDER BY snapshot_id, site NULLS LAST, uri, captured_at, line
