-- The id of a snapshot begins with its day (schemas/extracted_tables.py), and tables by
-- snapshot are sorted by id, so that queries by day read only the rows of those days.

CREATE TEMP TABLE renamed AS
SELECT snapshot_id, left(coalesce(strftime(observed_on, '%y%j'), 'f') || snapshot_id, 16) AS by_day
FROM snapshots;

-- Update the small tables in place.
UPDATE snapshots SET snapshot_id = by_day
FROM renamed WHERE renamed.snapshot_id = snapshots.snapshot_id;

UPDATE sightings SET snapshot_id = by_day
FROM renamed WHERE renamed.snapshot_id = sightings.snapshot_id;

UPDATE reconciliations SET snapshot_id = by_day
FROM renamed WHERE renamed.snapshot_id = reconciliations.snapshot_id;

-- Write the large tables again, sorted.
ALTER TABLE readings RENAME TO old_readings;

CREATE TABLE readings (
    snapshot_id VARCHAR NOT NULL,
    station_id SMALLINT NOT NULL,
    station_source VARCHAR NOT NULL,
    condition VARCHAR,
    condition_raw VARCHAR,
    temperature_c DOUBLE
);

INSERT INTO readings
SELECT old_readings.* REPLACE (by_day AS snapshot_id)
FROM old_readings JOIN renamed USING (snapshot_id)
ORDER BY by_day, station_id;

DROP TABLE old_readings;

ALTER TABLE quality RENAME TO old_quality;

CREATE TABLE quality (
    snapshot_id VARCHAR NOT NULL,
    station_id SMALLINT NOT NULL,
    flag TINYINT NOT NULL,
    failed VARCHAR[] NOT NULL
);

INSERT INTO quality
SELECT old_quality.* REPLACE (by_day AS snapshot_id)
FROM old_quality JOIN renamed USING (snapshot_id)
ORDER BY by_day, station_id;

DROP TABLE old_quality;

DROP TABLE renamed;
