-- What an export holds: `chosen`, the readings that pass the filters, and from it the rest. A null
-- parameter filters nothing.

-- step: chosen
CREATE OR REPLACE TEMP TABLE chosen AS
SELECT snapshot_id, station_id
FROM readings
JOIN timed_snapshots USING (snapshot_id)
LEFT JOIN stations USING (station_id)
LEFT JOIN quality USING (snapshot_id, station_id)
WHERE ($since IS NULL OR observed_on >= $since::DATE)
    AND ($until IS NULL OR observed_on <= $until::DATE)
    AND ($regions IS NULL OR list_contains($regions::INTEGER[], region_id))
    AND ($stations IS NULL OR list_contains($stations::INTEGER[], station_id))
    AND ($flags IS NULL OR list_contains($flags::INTEGER[], coalesce(flag, 1)));

-- step: chosen_snapshots
CREATE OR REPLACE TEMP TABLE chosen_snapshots AS SELECT DISTINCT snapshot_id FROM chosen;

-- step: chosen_documents
-- A document without any sighting (all of its lines were refused) goes with its rejects where
-- everything goes.
CREATE OR REPLACE TEMP TABLE chosen_documents AS
SELECT DISTINCT document_id
FROM documents LEFT JOIN sightings USING (document_id)
WHERE snapshot_id IN (FROM chosen_snapshots) OR ($everything AND snapshot_id IS NULL);

-- step: documents
FROM documents SEMI JOIN chosen_documents USING (document_id) ORDER BY document_id;

-- step: snapshots
FROM snapshots SEMI JOIN chosen_snapshots USING (snapshot_id) ORDER BY observed_on, snapshot_id;

-- step: sightings
FROM sightings SEMI JOIN chosen_snapshots USING (snapshot_id) ORDER BY document_id, line;

-- step: readings
-- Partitioned by the year of the date that the list stands under.
SELECT readings.*, year(observed_on) AS year
FROM readings
JOIN snapshots USING (snapshot_id)
SEMI JOIN chosen USING (snapshot_id, station_id)
ORDER BY observed_on, snapshot_id, station_id;

-- step: rejects
FROM rejects SEMI JOIN chosen_documents USING (document_id) ORDER BY document_id, line;

-- step: quality
FROM quality SEMI JOIN chosen USING (snapshot_id, station_id) ORDER BY snapshot_id, station_id;

-- step: reconciliations
FROM reconciliations SEMI JOIN chosen_snapshots USING (snapshot_id) ORDER BY snapshot_id;

-- step: observations
FROM observations
WHERE $everything OR station_id IN (SELECT station_id FROM chosen)
ORDER BY station_id, observed_at;

-- step: loads
FROM loads ORDER BY started_at, load_id;

-- step: flat
-- One row a reading with all that is known about it, for programs that want one table.
SELECT
    snapshot_id,
    observed_on,
    observed_at,
    hour_source,
    station_id,
    stations.name_ko,
    stations.name_en,
    region_id,
    latitude,
    longitude,
    elevation_m,
    condition,
    condition_raw,
    temperature_c,
    coalesce(flag, 1) AS flag,
    array_to_string(failed, ' ') AS failed
FROM readings
JOIN timed_snapshots USING (snapshot_id)
LEFT JOIN stations USING (station_id)
LEFT JOIN quality USING (snapshot_id, station_id)
SEMI JOIN chosen USING (snapshot_id, station_id)
ORDER BY observed_on, observed_at, snapshot_id, station_id;

-- step: latest_snapshot
SELECT snapshot_id
FROM timed_snapshots SEMI JOIN chosen_snapshots USING (snapshot_id)
ORDER BY observed_on DESC NULLS LAST, observed_at DESC NULLS LAST, station_count DESC, snapshot_id
LIMIT 1;

-- step: features
SELECT
    station_id,
    stations.name_ko,
    stations.name_en,
    region_id,
    longitude,
    latitude,
    elevation_m,
    observed_on::VARCHAR AS observed_on,
    strftime(observed_at AT TIME ZONE 'Asia/Seoul', '%Y-%m-%dT%H:%M:%S+09:00') AS observed_at,
    hour_source,
    condition,
    temperature_c,
    coalesce(flag, 1) AS flag,
    coalesce(failed, []) AS failed
FROM readings
JOIN timed_snapshots USING (snapshot_id)
JOIN stations USING (station_id)
LEFT JOIN quality USING (snapshot_id, station_id)
SEMI JOIN chosen USING (snapshot_id, station_id)
WHERE snapshot_id = $snapshot
ORDER BY station_id;
