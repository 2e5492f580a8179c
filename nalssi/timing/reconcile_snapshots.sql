-- Which snapshots are compared, with what, and where the results go: the steps in order.

-- step: wanted
-- The snapshots named by the frame `changed`, and those never compared.
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT snapshot_id FROM changed
UNION
SELECT snapshot_id FROM snapshots ANTI JOIN reconciliations USING (snapshot_id);

-- step: wanted_all
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT snapshot_id FROM snapshots
UNION
SELECT snapshot_id FROM reconciliations;

-- step: proven
SELECT snapshot_id
FROM reconciliations SEMI JOIN wanted USING (snapshot_id)
WHERE verdict = 'frozen_feed';

-- step: forget_proofs
-- The rows stay: quality looks around what was compared.
UPDATE reconciliations SET observed_at = NULL, verdict = 'poor_fit'
WHERE verdict = 'frozen_feed' AND snapshot_id IN (SELECT snapshot_id FROM wanted);

-- step: frozen
CREATE OR REPLACE TEMP TABLE frozen AS
SELECT DISTINCT snapshot_id FROM quality WHERE list_contains(failed, 'frozen_feed');

-- step: newly_frozen
-- What became known as frozen, or turned out not to be, since it was compared. A proven frozen feed
-- is compared with all hours either way.
INSERT INTO wanted
SELECT snapshot_id
FROM reconciliations
JOIN snapshots USING (snapshot_id)
LEFT JOIN frozen USING (snapshot_id)
WHERE observed_on IS NOT NULL
    AND verdict <> 'frozen_feed'
    AND (searched = 'all') <> (frozen.snapshot_id IS NOT NULL)
    AND snapshot_id NOT IN (SELECT snapshot_id FROM wanted);

-- step: todo
-- In the order of their dates, so that lists of near dates are compared with the same hours.
CREATE OR REPLACE TEMP TABLE todo AS
SELECT
    row_number() OVER (ORDER BY observed_on, station_count, snapshot_id) - 1 AS place,
    snapshot_id,
    observed_on - DATE '1970-01-01' AS day,
    frozen.snapshot_id IS NOT NULL AS frozen
FROM snapshots
SEMI JOIN wanted USING (snapshot_id)
LEFT JOIN frozen USING (snapshot_id);

-- step: todo_readings
CREATE OR REPLACE TEMP TABLE todo_readings AS
SELECT place, station_id, round(temperature_c * 10)::SMALLINT AS tenths
FROM readings JOIN todo USING (snapshot_id)
WHERE temperature_c IS NOT NULL
ORDER BY place;

-- step: some_todo
SELECT snapshot_id, day, frozen FROM todo WHERE place >= $first AND place < $end ORDER BY place;

-- step: some_readings
SELECT (place - $first)::INTEGER AS place, station_id, tenths
FROM todo_readings
WHERE place >= $first AND place < $end;

-- step: forget
DELETE FROM reconciliations WHERE snapshot_id IN (SELECT snapshot_id FROM wanted);

-- step: add
INSERT INTO reconciliations BY NAME SELECT * FROM compared;

-- step: wanted_ids
SELECT snapshot_id FROM wanted ORDER BY snapshot_id;

-- step: done
DROP TABLE wanted; DROP TABLE frozen; DROP TABLE todo; DROP TABLE todo_readings;

-- step: affected
-- Snapshots whose comparison can come out otherwise when the official values of `changed_hours`
-- do: dated ones that fitted an hour, if one of the hours they were weighed against is among them
-- ($days_before days, and the day itself); the others were compared with all hours.
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
