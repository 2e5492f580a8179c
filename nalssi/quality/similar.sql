-- Snapshots that print as many of the temperatures `quality_printed` of one snapshot as agreement
-- takes: whoever agrees with it is among them.
SELECT DISTINCT readings.snapshot_id
FROM quality_printed JOIN readings USING (station_id, temperature_c)
GROUP BY quality_printed.snapshot_id, readings.snapshot_id
HAVING count(*) >= $least
