-- The frozen lists that are printed under a date, the last printed first.
-- Parameter: count, the largest number of rows.
SELECT list, station_count, first_on, last_on, dates, pages, coalesce(sites, []) AS sites
FROM frozen_feeds
WHERE last_on IS NOT NULL
ORDER BY last_on DESC, list
LIMIT $count
