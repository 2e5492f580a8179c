-- A row is a list on a page: where and when a snapshot was seen, and what is concluded of its time.
-- - snapshot_id: the snapshot
-- - site: host of the page, without `www.`; null if unknown
-- - uri: address or path of the page
-- - captured_at: when the page was captured; null if unknown
-- - line: line of the page on which the list begins, from 1
-- - printed_on: date that is printed at the list (KST); null if none, or if it is impossible
-- - date_source: source of the snapshot's date: feed, ticker, site (last edit) or capture; null if
--   there is none
-- - observed_on: day of observation (KST); null if unknown, or if the printed date is proved false
-- - clock_at: the hour if it is known, else the first capture if it is on that day; null otherwise
-- - station_count: stations in the list [stations]
-- - false_date: whether the printed date is false: another day is concluded, or no day
SELECT
    snapshot_id,
    site,
    uri,
    captured_at,
    line,
    sightings.printed_on,
    date_source,
    observed_on,
    clock_at,
    station_count,
    sightings.printed_on IS NOT NULL AND observed_on IS DISTINCT FROM sightings.printed_on AS false_date
FROM sightings JOIN documents USING (document_id) JOIN timed_snapshots USING (snapshot_id)
