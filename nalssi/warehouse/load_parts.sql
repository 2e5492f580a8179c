-- Insert staged parts into the warehouse: the steps of one transaction (`load_parts.py` runs them).
-- A step gets the parameters that it names. `part` is the number of a part in the load. The tables
-- `part_…` are frames: the tables of the parts that are being inserted, with the column `part`.

-- step: offers
-- A row for each document in the parts, from the part with the newest grammar. Either the document
-- holds a ticker, or it was examined and holds none.
CREATE OR REPLACE TEMP TABLE offers AS
SELECT document_id, part, parser_version, holds_ticker
FROM part_offers JOIN part_counts USING (part)
QUALIFY row_number() OVER (
    PARTITION BY document_id ORDER BY parser_version DESC, holds_ticker DESC, part
) = 1;

-- step: known
-- The documents among these that are in the warehouse, with the version of the grammar that read
-- them.
CREATE OR REPLACE TEMP TABLE known AS
WITH every_mention AS (
    SELECT document_id, parser_version FROM sightings
    UNION ALL
    SELECT document_id, parser_version FROM rejects
)
SELECT document_id, max(parser_version) AS parser_version
FROM every_mention SEMI JOIN offers USING (document_id)
GROUP BY document_id;

-- step: accepted
-- The documents to load: new ones that hold a ticker, and those that an older grammar has read
-- (stale). An older grammar never replaces a newer one.
CREATE OR REPLACE TEMP TABLE accepted AS
SELECT document_id, part, holds_ticker, known.document_id IS NOT NULL AS stale
FROM offers LEFT JOIN known USING (document_id)
WHERE CASE
    WHEN known.document_id IS NULL THEN holds_ticker
    ELSE known.parser_version < offers.parser_version
END;

-- step: changed
-- The snapshots that are added or removed, or whose sightings change. Their quality flags are
-- computed again.
CREATE OR REPLACE TEMP TABLE changed (snapshot_id VARCHAR NOT NULL);

-- step: changed_by_removal
-- Snapshots that lose a sighting, because a newer grammar has read the document.
INSERT INTO changed
SELECT DISTINCT snapshot_id
FROM sightings
WHERE document_id IN (SELECT document_id FROM accepted WHERE stale);

-- step: changed_near_removal
-- Snapshots whose time is concluded from a removed sighting, among others.
INSERT INTO changed SELECT snapshot_id FROM neighbours;

-- step: forget_sightings
DELETE FROM sightings WHERE document_id IN (SELECT document_id FROM accepted WHERE stale);

-- step: forget_rejects
DELETE FROM rejects WHERE document_id IN (SELECT document_id FROM accepted WHERE stale);

-- step: forget_documents
DELETE FROM documents WHERE document_id IN (SELECT document_id FROM accepted WHERE stale);

-- step: orphans
-- Snapshots without any sighting left. The new sightings may show them again.
CREATE OR REPLACE TEMP TABLE orphans AS
SELECT snapshot_id FROM changed ANTI JOIN sightings USING (snapshot_id);

-- step: forget_snapshots
DELETE FROM snapshots WHERE snapshot_id IN (FROM orphans);

-- step: forget_readings
DELETE FROM readings WHERE snapshot_id IN (FROM orphans);

-- step: documents
INSERT INTO documents BY NAME
SELECT * EXCLUDE (part) FROM part_documents SEMI JOIN accepted USING (document_id, part);

-- step: sightings
INSERT INTO sightings BY NAME
SELECT * EXCLUDE (part), $load_id AS load_id
FROM part_sightings SEMI JOIN accepted USING (document_id, part);

-- step: rejects
INSERT INTO rejects BY NAME
SELECT * EXCLUDE (part) FROM part_rejects SEMI JOIN accepted USING (document_id, part);

-- step: new_sightings
-- The snapshots of the new sightings, and the parts that have them. `inserted_from`: whether the
-- snapshot is new and is inserted from this part; that is one part for each new snapshot.
CREATE OR REPLACE TEMP TABLE new_sightings AS
WITH sighted AS (
    SELECT DISTINCT snapshot_id, part
    FROM part_sightings SEMI JOIN accepted USING (document_id, part)
)
SELECT
    snapshot_id,
    part,
    snapshots.snapshot_id IS NULL
    AND row_number() OVER (PARTITION BY snapshot_id ORDER BY part) = 1 AS inserted_from
FROM sighted LEFT JOIN snapshots USING (snapshot_id);

-- step: changed_by_sighting
INSERT INTO changed SELECT snapshot_id FROM new_sightings;

-- step: snapshots
INSERT INTO snapshots BY NAME
SELECT * EXCLUDE (part)
FROM part_snapshots
SEMI JOIN (FROM new_sightings WHERE inserted_from) AS inserted USING (snapshot_id, part);

-- step: readings
INSERT INTO readings BY NAME
SELECT * EXCLUDE (part)
FROM part_readings
SEMI JOIN (FROM new_sightings WHERE inserted_from) AS inserted USING (snapshot_id, part);

-- step: duplicates
-- Readings of snapshots that are in the warehouse already. `station_source` and `condition_raw` are
-- not part of a snapshot's id, so they may differ. The alphabetically first value stays, so that
-- the order of loads makes no difference.
CREATE OR REPLACE TEMP TABLE duplicates AS
WITH repeated AS (
    SELECT
        snapshot_id,
        station_id,
        min(station_source) AS station_source,
        min(condition_raw) AS condition_raw
    FROM part_readings
    SEMI JOIN (FROM new_sightings WHERE NOT inserted_from) AS repeating USING (snapshot_id, part)
    GROUP BY ALL
)
SELECT
    snapshot_id,
    station_id,
    least(repeated.station_source, readings.station_source) AS station_source,
    least(repeated.condition_raw, readings.condition_raw) AS condition_raw
FROM repeated JOIN readings USING (snapshot_id, station_id)
WHERE least(repeated.station_source, readings.station_source) <> readings.station_source
    OR least(repeated.condition_raw, readings.condition_raw)
        IS DISTINCT FROM readings.condition_raw;

-- step: merge_duplicates
UPDATE readings
SET station_source = duplicates.station_source, condition_raw = duplicates.condition_raw
FROM duplicates
WHERE readings.snapshot_id = duplicates.snapshot_id AND readings.station_id = duplicates.station_id;

-- step: forget_reconciliations
-- This comes last, because a snapshot that was removed and inserted again keeps its row.
DELETE FROM reconciliations
WHERE snapshot_id IN (SELECT snapshot_id FROM changed ANTI JOIN snapshots USING (snapshot_id));

-- step: distinct_changed
SELECT DISTINCT snapshot_id FROM changed;
