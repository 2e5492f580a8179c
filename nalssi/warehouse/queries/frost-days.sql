-- One station's days in a period: whether each is a day of frost (lowest below 0 °C), or unknown.
-- - station: its number, Korean name or English name, e.g. 서울
-- - since: first day
-- - until: last day
SELECT observed_on, holds AS frost, temperature_c AS min_c, hours, representative
FROM climate_days
WHERE kind = 'frost' AND station_id = $station
    AND observed_on BETWEEN $since::DATE AND $until::DATE
ORDER BY observed_on
