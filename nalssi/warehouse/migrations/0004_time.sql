-- Ids begin with a letter, so that no program reads one as a number. The id of a dated snapshot
-- begins with the days since 1970 (nalssi/common/ids.py). The other digits stay.
-- The table `conclusions` gets the columns of the model of time, and `repeated_lists` is new.

CREATE TEMP MACRO with_letter(id) AS
    translate(left(id, 1), '0123456789', 'abcdefabcd') || substr(id, 2);

CREATE TEMP TABLE renamed AS
SELECT
    snapshot_id,
    CASE
        WHEN observed_on IS NULL THEN snapshot_id
        ELSE printf(
            'a%04x%s',
            greatest(0, least(65535, observed_on - DATE '1970-01-01')),
            substr(snapshot_id, 6)
        )
    END AS new_id
FROM snapshots;

UPDATE documents SET document_id = with_letter(document_id);

UPDATE rejects SET document_id = with_letter(document_id);

UPDATE loads SET load_id = with_letter(load_id);

UPDATE snapshots SET snapshot_id = new_id
FROM renamed WHERE renamed.snapshot_id = snapshots.snapshot_id;

UPDATE sightings
SET document_id = with_letter(document_id), snapshot_id = new_id, load_id = with_letter(load_id)
FROM renamed WHERE renamed.snapshot_id = sightings.snapshot_id;

-- Snapshots without an hour are compared again when official hours are loaded the next time: fewer
-- stations than before can prove an hour.
DELETE FROM reconciliations WHERE observed_at IS NULL;

UPDATE reconciliations SET snapshot_id = new_id
FROM renamed WHERE renamed.snapshot_id = reconciliations.snapshot_id;

-- Write the largest table again, sorted by the new ids.
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
SELECT old_readings.* REPLACE (new_id AS snapshot_id)
FROM old_readings JOIN renamed USING (snapshot_id)
ORDER BY new_id, station_id;

DROP TABLE old_readings;

DROP TABLE renamed;

DROP MACRO with_letter;

-- These tables are computed again after the migrations.
DELETE FROM quality;

DROP TABLE conclusions;

-- The lists that are printed under several dates (nalssi/quality/frozen_feed_check.py).
CREATE TABLE repeated_lists (
    snapshot_id VARCHAR NOT NULL,
    first_on DATE NOT NULL,
    last_on DATE NOT NULL,
    existed_on DATE
);

-- What is concluded about each snapshot (nalssi/conclusions).
CREATE TABLE conclusions (
    snapshot_id VARCHAR NOT NULL,
    day DATE,
    observed_at TIMESTAMPTZ,
    hour_source VARCHAR,
    not_before TIMESTAMPTZ,
    not_after TIMESTAMPTZ,
    clock_at TIMESTAMPTZ,
    clock_source VARCHAR,
    counts_as VARCHAR NOT NULL,
    counts_on DATE,
    counts_at TIMESTAMPTZ,
    counts_source VARCHAR,
    lists SMALLINT NOT NULL,
    repeated SMALLINT[] NOT NULL,
    pages INTEGER NOT NULL,
    first_document_id VARCHAR,
    usable SMALLINT NOT NULL,
    unusable SMALLINT[] NOT NULL
);
