-- Lists whose printed date is false: the day is another one, or unknown.
SELECT printed_on, observed_on, site, uri, captured_at, station_count, snapshot_id
FROM seen_lists
WHERE false_date
ORDER BY printed_on, site, uri, line
