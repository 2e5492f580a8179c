-- The rejected lines of one site, with their page and line.
-- - site: the site, e.g. example.kr
SELECT reason, text, uri, line, captured_at
FROM rejected_lines
WHERE site = $site
ORDER BY uri, captured_at, line
