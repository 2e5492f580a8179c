-- Sites that froze: lists that were printed under several dates, or under a false date.
SELECT list, first_on, last_on, dates, pages, sites, station_count
FROM frozen_feeds
ORDER BY dates DESC, first_on, list
