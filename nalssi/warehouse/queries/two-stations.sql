-- Two stations in the same observations of a period: how much warmer the first is.
-- - station: its number, Korean name or English name, e.g. 서울
-- - other: number, Korean name or English name of the other station
-- - since: first day
-- - until: last day
SELECT observed_on, clock_at, name_ko, temperature_c, other_ko, other_c, difference_c
FROM station_pairs
WHERE station_id = $station AND other_id = $other
    AND observed_on BETWEEN $since::DATE AND $until::DATE
ORDER BY observed_on, clock_at, observation_id
