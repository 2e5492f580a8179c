-- Verdicts (`quality_rows`) with the snapshots' ids and the tests' names in place of numbers.
INSERT INTO quality
SELECT snapshot_id, station_id, flag, failed
FROM quality_rows
JOIN quality_lists USING (snapshot)
JOIN quality_names USING (tests)
