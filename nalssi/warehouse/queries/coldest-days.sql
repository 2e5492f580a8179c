-- The twenty coldest days at one station, and how many hours of each were seen.
-- - station: its number, Korean name or English name, e.g. 서울
SELECT observed_on, min_c, mean_c, hours, representative
FROM daily_stations
WHERE station_id = $station
ORDER BY min_c, observed_on
LIMIT 20
