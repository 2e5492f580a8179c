-- The temperatures that the snapshots `quality_wanted` print.
SELECT snapshot_id, station_id, temperature_c
FROM readings SEMI JOIN quality_wanted USING (snapshot_id)
WHERE temperature_c IS NOT NULL
