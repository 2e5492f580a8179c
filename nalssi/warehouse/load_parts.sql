-- How staged parts become rows of the warehouse: the steps of one transaction, in order.
-- `part` is a part's folder. A step's statement runs with the parameters that it names.

-- step: parts
-- The parts, each with the version of the grammar that made it.
CREATE OR REPLACE TEMP TABLE parts AS
SELECT parse_dirpath(filename) AS part, * EXCLUDE (filename)
FROM read_parquet($counts, filename = true);

-- step: offers
-- What the parts say about each document, by the newest grammar that looked at it: it holds a
-- ticker, or it was examined and holds none.
CREATE OR REPLACE TEMP TABLE offers AS
WITH every_offer AS (
    SELECT document_id, parse_dirpath(filename) AS part, true AS holds_ticker
    FROM read_parquet($documents, filename = true)
    UNION ALL
    SELECT document_id, parse_dirpath(filename), false
    FROM read_parquet($examined, filename = true)
)
SELECT document_id, part, parser_version, holds_ticker
FROM every_offer JOIN parts USING (part)
QUALIFY row_number() OVER (
    PARTITION BY document_id ORDER BY parser_version DESC, holds_ticker DESC, part
) = 1;

-- step: known
-- Of these documents, the ones already in the warehouse, and who read them.
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
-- New documents that hold a ticker, and every document that an older grammar read (stale):
-- an older grammar never replaces a newer.
CREATE OR REPLACE TEMP TABLE accepted AS
SELECT document_id, part, holds_ticker, known.document_id IS NOT NULL AS stale
FROM offers LEFT JOIN known USING (document_id)
WHERE CASE
    WHEN known.document_id IS NULL THEN holds_ticker
    ELSE known.parser_version < offers.parser_version
END;

-- step: changed
-- Snapshots added or removed, or whose sightings changed: what quality has to look at again.
CREATE OR REPLACE TEMP TABLE changed (snapshot_id VARCHAR NOT NULL);

-- step: touched
-- Snapshots that lose a sighting because a newer grammar has read the document.
INSERT INTO changed
SELECT DISTINCT snapshot_id
FROM sightings
WHERE document_id IN (SELECT document_id FROM accepted WHERE stale);

-- step: forget_sightings
DELETE FROM sightings WHERE document_id IN (SELECT document_id FROM accepted WHERE stale);

-- step: forget_rejects
DELETE FROM rejects WHERE document_id IN (SELECT document_id FROM accepted WHERE stale);

-- step: forget_documents
DELETE FROM documents WHERE document_id IN (SELECT document_id FROM accepted WHERE stale);

-- step: orphans
-- Snapshots that nobody sights any more; they may come again with the new sightings.
CREATE OR REPLACE TEMP TABLE orphans AS
SELECT snapshot_id FROM changed ANTI JOIN sightings USING (snapshot_id);

-- step: forget_snapshots
DELETE FROM snapshots WHERE snapshot_id IN (FROM orphans);

-- step: forget_readings
DELETE FROM readings WHERE snapshot_id IN (FROM orphans);

-- step: documents
INSERT INTO documents BY NAME
SELECT * EXCLUDE (filename)
FROM read_parquet($documents, filename = true) AS row
SEMI JOIN accepted
    ON accepted.document_id = row.document_id AND accepted.part = parse_dirpath(row.filename);

-- step: sightings
INSERT INTO sightings BY NAME
SELECT * EXCLUDE (filename), $load_id AS load_id
FROM read_parquet($sightings, filename = true) AS row
SEMI JOIN accepted
    ON accepted.document_id = row.document_id AND accepted.part = parse_dirpath(row.filename);

-- step: rejects
INSERT INTO rejects BY NAME
SELECT * EXCLUDE (filename)
FROM read_parquet($rejects, filename = true) AS row
SEMI JOIN accepted
    ON accepted.document_id = row.document_id AND accepted.part = parse_dirpath(row.filename);

-- step: arriving
-- The snapshots just sighted, and the parts that describe them. `brings`: the one part from which
-- a snapshot not yet in the warehouse is taken.
CREATE OR REPLACE TEMP TABLE arriving AS
WITH sighted AS (
    SELECT DISTINCT row.snapshot_id, accepted.part
    FROM read_parquet($sightings, filename = true) AS row
    JOIN accepted
        ON accepted.document_id = row.document_id AND accepted.part = parse_dirpath(row.filename)
)
SELECT
    snapshot_id,
    part,
    snapshots.snapshot_id IS NULL
    AND row_number() OVER (PARTITION BY snapshot_id ORDER BY part) = 1 AS brings
FROM sighted LEFT JOIN snapshots USING (snapshot_id);

-- step: changed_by_arrival
INSERT INTO changed SELECT snapshot_id FROM arriving;

-- step: snapshots
INSERT INTO snapshots BY NAME
SELECT * EXCLUDE (filename)
FROM read_parquet($snapshots, filename = true) AS row
SEMI JOIN (FROM arriving WHERE brings) AS bringing
    ON bringing.snapshot_id = row.snapshot_id AND bringing.part = parse_dirpath(row.filename);

-- step: readings
INSERT INTO readings BY NAME
SELECT * EXCLUDE (filename)
FROM read_parquet($readings, filename = true) AS row
SEMI JOIN (FROM arriving WHERE brings) AS bringing
    ON bringing.snapshot_id = row.snapshot_id AND bringing.part = parse_dirpath(row.filename);

-- step: variants
-- The same snapshot, met again: how the station is known and how the weather is worded are no
-- part of its id and may differ. The alphabetically least stays, whichever came first.
CREATE OR REPLACE TEMP TABLE variants AS
WITH met_again AS (
    SELECT
        row.snapshot_id,
        row.station_id,
        min(row.station_source) AS station_source,
        min(row.condition_raw) AS condition_raw
    FROM read_parquet($readings, filename = true) AS row
    SEMI JOIN (FROM arriving WHERE NOT brings) AS repeating
        ON repeating.snapshot_id = row.snapshot_id AND repeating.part = parse_dirpath(row.filename)
    GROUP BY ALL
)
SELECT
    snapshot_id,
    station_id,
    least(met_again.station_source, readings.station_source) AS station_source,
    least(met_again.condition_raw, readings.condition_raw) AS condition_raw
FROM met_again JOIN readings USING (snapshot_id, station_id)
WHERE least(met_again.station_source, readings.station_source) <> readings.station_source
    OR least(met_again.condition_raw, readings.condition_raw)
        IS DISTINCT FROM readings.condition_raw;

-- step: settle_variants
UPDATE readings
SET station_source = variants.station_source, condition_raw = variants.condition_raw
FROM variants
WHERE readings.snapshot_id = variants.snapshot_id AND readings.station_id = variants.station_id;

-- step: forget_reconciliations
-- Only now: an orphan that came again keeps what it was reconciled with.
DELETE FROM reconciliations
WHERE snapshot_id IN (SELECT snapshot_id FROM changed ANTI JOIN snapshots USING (snapshot_id));

-- step: distinct_changed
SELECT DISTINCT snapshot_id FROM changed;

-- step: rejects_by_reason
-- Of everything met, loaded before or not, as the counts of the parts are.
SELECT reason, count(*) AS lines
FROM read_parquet($rejects)
GROUP BY reason
ORDER BY lines DESC, reason;
