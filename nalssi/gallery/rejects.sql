-- Every rejected line, with the page that prints it.
SELECT reason, text, site, uri, line
FROM rejects
JOIN documents USING (document_id)
ORDER BY reason, uri, document_id, line
