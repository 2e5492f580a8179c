-- One station's months, compared with the same months a year before on equal days.
-- - station: its number, Korean name or English name, e.g. 서울
SELECT month, name_ko, mean_c, before_c, change_c, equal_days, days, days_before
FROM yearly_changes
WHERE station_id = $station
ORDER BY month
