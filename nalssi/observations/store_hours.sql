-- Store hours of one source in `observations`. The steps run in this order; `insert_incoming` runs
-- once for each block of rows.

-- step: create_incoming
CREATE OR REPLACE TEMP TABLE incoming (
    line BIGINT, station_id SMALLINT, observed_at TIMESTAMPTZ, temperature_c DOUBLE
);

-- step: insert_incoming
INSERT INTO incoming BY NAME SELECT * FROM block;

-- step: compare
-- One value per station-hour (that of the last line), the stored value, and what becomes of the new
-- one. A value replaces a stored one of the same source or of a less reliable one, never of a more
-- reliable one ($sources names the sources, the most reliable one first).
CREATE OR REPLACE TEMP TABLE compared AS
WITH newest AS (
    SELECT
        station_id,
        observed_at,
        arg_max(temperature_c, line) AS temperature_c,
        count(DISTINCT temperature_c) > 1 AS contradictory
    FROM incoming
    GROUP BY station_id, observed_at
), stored AS (
    -- With these bounds, DuckDB skips the row groups of other years.
    SELECT station_id, observed_at, temperature_c AS stored_c, source AS stored_source
    FROM observations
    WHERE observed_at BETWEEN (SELECT min(observed_at) FROM incoming)
        AND (SELECT max(observed_at) FROM incoming)
)
SELECT
    newest.*,
    stored_source,
    CASE
        WHEN stored_c IS NULL THEN 'added'
        WHEN stored_c = temperature_c THEN 'unchanged'
        WHEN list_position($sources, stored_source) < list_position($sources, $source)
            THEN 'outranked'
        ELSE 'replaced'
    END AS outcome
FROM newest LEFT JOIN stored USING (station_id, observed_at);

-- step: count
SELECT
    (SELECT count(*) FROM incoming) - count(*) AS repeated,
    count(*) FILTER (contradictory) AS contradictory,
    count(*) FILTER (outcome = 'added') AS added,
    count(*) FILTER (outcome = 'unchanged') AS unchanged,
    count(*) FILTER (outcome = 'replaced') AS replaced,
    count(*) FILTER (outcome = 'outranked') AS outranked
FROM compared;

-- step: changed_hours
-- The hours at which a value changed. An equal value that now comes from another source than the
-- feed counts, because captures of the feed are compared with such values only.
SELECT DISTINCT observed_at FROM compared
WHERE outcome IN ('added', 'replaced') OR (outcome = 'unchanged' AND stored_source = 'feed')
ORDER BY observed_at;

-- step: replace
UPDATE observations SET temperature_c = compared.temperature_c, source = $source
FROM compared
WHERE observations.station_id = compared.station_id
    AND observations.observed_at = compared.observed_at
    AND (
        outcome = 'replaced'
        OR (
            outcome = 'unchanged'
            AND list_position($sources, stored_source) > list_position($sources, $source)
        )
    );

-- step: add
INSERT INTO observations (station_id, observed_at, temperature_c, source)
SELECT station_id, observed_at, temperature_c, $source FROM compared
WHERE outcome = 'added'
ORDER BY observed_at, station_id;

-- step: note_changed_hours
INSERT INTO meta.changed_hours
SELECT DISTINCT observed_at FROM compared
WHERE outcome IN ('added', 'replaced') OR (outcome = 'unchanged' AND stored_source = 'feed');

-- step: drop_tables
DROP TABLE incoming; DROP TABLE compared;
