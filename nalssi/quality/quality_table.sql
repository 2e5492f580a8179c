-- Replace rows of `quality` and `repeated_lists`.

-- step: delete_quality
DELETE FROM quality WHERE snapshot_id IN (SELECT snapshot_id FROM quality_wanted);

-- step: delete_all_quality
DELETE FROM quality;

-- step: insert
-- Insert `quality_rows`, with snapshot ids and test names in place of their numbers.
INSERT INTO quality
SELECT snapshot_id, station_id, flag, failed
FROM quality_rows
JOIN quality_grid_rows USING (grid_row)
JOIN quality_test_names USING (tests);

-- step: changed_repeated
-- The snapshots whose row differs from that in `quality_repeated`, or that have a row in one only.
SELECT DISTINCT snapshot_id
FROM (
    (FROM repeated_lists EXCEPT FROM quality_repeated)
    UNION ALL
    (FROM quality_repeated EXCEPT FROM repeated_lists)
);

-- step: changed_repeated_wanted
-- The same for the snapshots in `quality_wanted` only.
WITH stored AS (
    FROM repeated_lists SEMI JOIN quality_wanted USING (snapshot_id)
)
SELECT DISTINCT snapshot_id
FROM (
    (FROM stored EXCEPT FROM quality_repeated)
    UNION ALL
    (FROM quality_repeated EXCEPT FROM stored)
);

-- step: delete_repeated_lists
DELETE FROM repeated_lists WHERE snapshot_id IN (SELECT snapshot_id FROM quality_wanted);

-- step: delete_all_repeated_lists
DELETE FROM repeated_lists;

-- step: insert_repeated
INSERT INTO repeated_lists FROM quality_repeated ORDER BY snapshot_id;
