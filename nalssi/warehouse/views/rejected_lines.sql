-- A row is a rejected line, with its page.
-- - reason: why the line was rejected
-- - text: the line
-- - line: its number in the page, from 1
-- - site: host of the page, without `www.`; null if unknown
-- - uri: address or path of the page
-- - captured_at: when the page was captured; null if unknown
SELECT reason, text, line, site, uri, captured_at
FROM rejects JOIN documents USING (document_id)
