-- Replace rows of `quality`.

-- step: delete
DELETE FROM quality WHERE snapshot_id IN (SELECT snapshot_id FROM quality_wanted);

-- step: delete_conclusions
DELETE FROM conclusions;

-- step: insert
-- Insert `quality_rows`, with snapshot ids and test names in place of their numbers.
INSERT INTO quality
SELECT snapshot_id, station_id, flag, failed
FROM quality_rows
JOIN quality_grid_rows USING (grid_row)
JOIN quality_test_names USING (tests);
