-- Load a file's hours into `observations`. The steps run in this order; `insert_incoming` runs once
-- for each block of rows.

-- step: create_incoming
CREATE OR REPLACE TEMP TABLE incoming (
    line BIGINT, station_id SMALLINT, observed_at TIMESTAMPTZ, temperature_c DOUBLE
);

-- step: insert_incoming
INSERT INTO incoming BY NAME SELECT * FROM block;

-- step: compare
-- One value per station-hour (that of the last line), and the stored value.
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
    SELECT station_id, observed_at, temperature_c
    FROM observations
    WHERE observed_at BETWEEN (SELECT min(observed_at) FROM incoming)
        AND (SELECT max(observed_at) FROM incoming)
)
SELECT newest.*, stored.temperature_c AS stored_c
FROM newest LEFT JOIN stored USING (station_id, observed_at);

-- step: count
SELECT
    (SELECT count(*) FROM incoming) - count(*) AS repeated,
    count(*) FILTER (contradictory) AS contradictory,
    count(*) FILTER (stored_c IS NULL) AS added,
    count(*) FILTER (stored_c = temperature_c) AS unchanged,
    count(*) FILTER (stored_c <> temperature_c) AS replaced
FROM compared;

-- step: changed_hours
SELECT DISTINCT observed_at FROM compared
WHERE stored_c IS DISTINCT FROM temperature_c
ORDER BY observed_at;

-- step: replace
UPDATE observations SET temperature_c = compared.temperature_c
FROM compared
WHERE compared.stored_c <> compared.temperature_c
    AND observations.station_id = compared.station_id
    AND observations.observed_at = compared.observed_at;

-- step: add
INSERT INTO observations (station_id, observed_at, temperature_c)
SELECT station_id, observed_at, temperature_c FROM compared
WHERE stored_c IS NULL
ORDER BY observed_at, station_id;

-- step: drop_tables
DROP TABLE incoming; DROP TABLE compared;
