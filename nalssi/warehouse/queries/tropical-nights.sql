-- One station's nights in a period: whether each is a tropical night (at least 25 °C from 18:01 to
-- 09:00), and how many of its 15 hours were seen.
-- - station: its number, Korean name or English name, e.g. 서울
-- - since: first day
-- - until: last day
SELECT night_of, tropical, min_c, max_c, hours, representative
FROM nights
WHERE station_id = $station AND night_of BETWEEN $since::DATE AND $until::DATE
ORDER BY night_of
