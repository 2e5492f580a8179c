-- The sites that print tickers: pages, snapshots, rejects, first and last date, last capture.
SELECT site, pages, snapshots, rejects, first_on, last_on, last_captured_at
FROM sites
ORDER BY pages DESC, site
