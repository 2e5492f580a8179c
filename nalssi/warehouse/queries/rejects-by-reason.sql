-- Why lines were refused, how often, and one of them as it was printed.
SELECT reason, count(*) AS lines, count(DISTINCT document_id) AS pages, min(text) AS example
FROM rejects
GROUP BY reason
ORDER BY lines DESC, reason
