-- What belongs to the selected readings, table by table.
CREATE TEMP TABLE chosen AS
SELECT snapshot_id, station_id FROM weighed WHERE left_out IS NULL;

CREATE TEMP VIEW kept_readings AS FROM readings SEMI JOIN chosen USING (snapshot_id, station_id);

CREATE TEMP VIEW kept_snapshots AS FROM snapshots SEMI JOIN chosen USING (snapshot_id);

CREATE TEMP VIEW kept_sightings AS FROM sightings SEMI JOIN chosen USING (snapshot_id);

CREATE TEMP VIEW kept_documents AS FROM documents SEMI JOIN kept_sightings USING (document_id);

CREATE TEMP VIEW kept_rejects AS FROM rejects SEMI JOIN kept_sightings USING (document_id);

CREATE TEMP VIEW kept_quality AS FROM quality SEMI JOIN chosen USING (snapshot_id, station_id);

CREATE TEMP VIEW kept_reconciliations AS
FROM reconciliations SEMI JOIN chosen USING (snapshot_id);

CREATE TEMP VIEW kept_loads AS FROM loads SEMI JOIN kept_sightings USING (load_id);

CREATE TEMP VIEW kept_observations AS
SELECT observations.*
FROM observations LEFT JOIN stations USING (station_id) CROSS JOIN selection
WHERE NOT coalesce(
    observed_at::DATE < since
    OR observed_at::DATE > until
    OR NOT list_contains(selection.stations, station_id)
    OR NOT list_contains(selection.regions, coalesce(region_id, 0)),
    false
);
