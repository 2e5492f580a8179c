-- When one station was seen: runs of days without a gap, and the gap after each.
-- - station: its number, Korean name or English name, e.g. 서울
SELECT first_on, last_on, days, gap_days, lists, hours, representative_days
FROM coverage
WHERE station_id = $station
ORDER BY first_on
