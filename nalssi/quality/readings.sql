-- The readings of numbered snapshots (`quality_lists`).
SELECT snapshot, station_id, condition, temperature_c
FROM readings JOIN quality_lists USING (snapshot_id)
