-- Rejected lines by reason: how many, on how many pages, and an example.
SELECT reason, lines, pages, example
FROM reject_reasons
ORDER BY lines DESC, reason
