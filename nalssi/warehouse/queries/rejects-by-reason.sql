-- Rejected lines by reason: how many, on how many pages, and an example.
SELECT reason, count(*) AS lines, count(DISTINCT document_id) AS pages, min(text) AS example
FROM rejects
GROUP BY reason
ORDER BY lines DESC, reason
