-- Choose the snapshots to compare with official hours, read them, and store the results.

-- step: want_changed
-- The snapshots in the frame `changed`, and those that were never compared.
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT snapshot_id FROM changed
UNION
SELECT snapshot_id FROM snapshots ANTI JOIN reconciliations USING (snapshot_id);

-- step: want_all
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT snapshot_id FROM snapshots
UNION
SELECT snapshot_id FROM reconciliations;

-- step: want_changed_frozen
-- Snapshots whose list became or ceased to be repeated since they were compared. A proven frozen
-- feed is compared with all hours in either case.
INSERT INTO wanted
SELECT snapshot_id
FROM reconciliations
JOIN snapshots USING (snapshot_id)
LEFT JOIN repeated_lists USING (snapshot_id)
WHERE observed_on IS NOT NULL
    AND verdict <> 'frozen_feed'
    AND (searched = 'all') <> (repeated_lists.snapshot_id IS NOT NULL)
    AND snapshot_id NOT IN (SELECT snapshot_id FROM wanted);

-- step: todo
-- Sorted by date, so that snapshots that are compared at once are compared with the same hours.
-- Snapshots whose feed states the hour come last. They are compared with other hours than the rest.
CREATE OR REPLACE TEMP TABLE todo AS
SELECT
    row_number() OVER (
        ORDER BY observed_at IS NOT NULL, observed_on, station_count, snapshot_id
    ) - 1 AS number,
    snapshot_id,
    observed_at IS NOT NULL AS stated,
    observed_on - DATE '1970-01-01' AS day,
    repeated_lists.snapshot_id IS NOT NULL AS frozen
FROM snapshots
SEMI JOIN wanted USING (snapshot_id)
LEFT JOIN repeated_lists USING (snapshot_id);

-- step: todo_readings
CREATE OR REPLACE TEMP TABLE todo_readings AS
SELECT number, station_id, round(temperature_c * 10)::SMALLINT AS tenths
FROM readings JOIN todo USING (snapshot_id)
WHERE temperature_c IS NOT NULL
ORDER BY number;

-- step: count_todo
SELECT count(*) FILTER (NOT stated) AS unstated, count(*) AS total FROM todo;

-- step: block_of_todo
SELECT snapshot_id, day, frozen FROM todo WHERE number >= $first AND number < $end ORDER BY number;

-- step: block_of_readings
SELECT (number - $first)::INTEGER AS number, station_id, tenths
FROM todo_readings
WHERE number >= $first AND number < $end;

-- step: delete_old
DELETE FROM reconciliations WHERE snapshot_id IN (SELECT snapshot_id FROM wanted);

-- step: insert_new
INSERT INTO reconciliations BY NAME SELECT * FROM compared;

-- step: wanted_ids
SELECT snapshot_id FROM wanted ORDER BY snapshot_id;

-- step: changed_hours
-- Hours whose observations changed since the last comparison.
SELECT DISTINCT observed_at FROM meta.changed_hours;

-- step: forget_changed_hours
DELETE FROM meta.changed_hours;

-- step: drop_tables
DROP TABLE wanted; DROP TABLE todo; DROP TABLE todo_readings;

-- step: snapshots_to_reconcile
-- Snapshots whose comparison may change with the official values of `changed_hours`. A dated
-- snapshot that fits an hour was scored against the hours of its day and of $days_before days
-- before it. All other snapshots were compared with all hours.
WITH days AS (
    SELECT DISTINCT CAST(observed_at AT TIME ZONE 'UTC' + INTERVAL 9 HOUR AS DATE) AS day
    FROM changed_hours
), dates AS (
    SELECT DISTINCT day + later::INTEGER AS observed_on
    FROM days, range(0, $days_before + 2) AS span(later)
)
SELECT snapshot_id
FROM snapshots LEFT JOIN reconciliations USING (snapshot_id)
WHERE EXISTS (FROM days) AND (
    searched IS NULL OR searched = 'all' OR verdict NOT IN ('matched', 'late_feed')
    OR observed_on IN (SELECT observed_on FROM dates)
)
ORDER BY snapshot_id;
