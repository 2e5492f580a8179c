-- The rows that belong to the selected readings, a view for each table.
CREATE TEMP TABLE selected_keys AS
SELECT snapshot_id, station_id FROM readings_with_exclusion WHERE excluded_for IS NULL;

CREATE TEMP VIEW selected_readings AS FROM readings SEMI JOIN selected_keys USING (snapshot_id, station_id);

CREATE TEMP VIEW selected_snapshots AS FROM snapshots SEMI JOIN selected_keys USING (snapshot_id);

CREATE TEMP VIEW selected_sightings AS FROM sightings SEMI JOIN selected_keys USING (snapshot_id);

CREATE TEMP VIEW selected_documents AS FROM documents SEMI JOIN selected_sightings USING (document_id);

CREATE TEMP VIEW selected_rejects AS FROM rejects SEMI JOIN selected_sightings USING (document_id);

CREATE TEMP VIEW selected_quality AS FROM quality SEMI JOIN selected_keys USING (snapshot_id, station_id);

CREATE TEMP VIEW selected_reconciliations AS
FROM reconciliations SEMI JOIN selected_keys USING (snapshot_id);

CREATE TEMP VIEW selected_repeated_lists AS
FROM repeated_lists SEMI JOIN selected_keys USING (snapshot_id);

CREATE TEMP VIEW selected_conclusions AS FROM conclusions SEMI JOIN selected_keys USING (snapshot_id);

CREATE TEMP VIEW selected_loads AS FROM loads SEMI JOIN selected_sightings USING (load_id);

CREATE TEMP VIEW selected_observations AS
SELECT observations.*
FROM observations LEFT JOIN stations USING (station_id) CROSS JOIN selection
WHERE NOT coalesce(
    observed_at::DATE < since
    OR observed_at::DATE > until
    OR NOT list_contains(selection.stations, station_id)
    OR NOT list_contains(selection.regions, coalesce(region_id, 0)),
    false
);
