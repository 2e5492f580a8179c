-- Every reading of one day, usable or not, with its station, quality, time and page.
-- - day: the day, e.g. 2025-12-19
FROM every_reading
WHERE observed_on = $day::DATE
ORDER BY clock_at, snapshot_id, station_id
