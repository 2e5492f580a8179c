-- A row is a reason for which lines are rejected.
-- - reason: the reason
-- - lines: rejected lines [lines]
-- - pages: documents with such lines [documents]
-- - example: the alphabetically first of the lines
SELECT reason, count(*) AS lines, count(DISTINCT document_id) AS pages, min(text) AS example
FROM rejects
GROUP BY reason
