-- The newest ten loads, with their counts of documents, snapshots, readings and rejects.
SELECT
    started_at, documents_read, documents_new, documents_skipped, snapshots_new, readings_new,
    rejected_lines, rejected_dates, sources_failed
FROM loads
ORDER BY started_at DESC
LIMIT 10
