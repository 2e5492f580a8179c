-- Every refused line, with the page it stood on.
SELECT reason, text, site, uri, line
FROM rejects
JOIN documents USING (document_id)
ORDER BY reason, uri, document_id, line
