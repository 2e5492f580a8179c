-- One station's months, with the number of days that have readings, and of representative days.
-- - station: its number, Korean name or English name, e.g. 서울
SELECT month, name_ko, mean_c, min_c, max_c, days, lists, representative_days, representative
FROM monthly_stations
WHERE station_id = $station
ORDER BY month
