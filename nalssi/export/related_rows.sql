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

-- If the list whose reading of a station counts is not selected, the reading of another list of the
-- same observation counts.
CREATE TEMP VIEW selected_conclusions AS
WITH repeats AS (
    SELECT
        snapshot_id,
        station_id,
        row_number() OVER (
            PARTITION BY counts_as, station_id
            ORDER BY list_contains(repeated, station_id), snapshot_id
        ) AS number
    FROM conclusions JOIN selected_keys USING (snapshot_id)
    WHERE lists > 1 AND NOT list_contains(unusable, station_id)
),
repeated_stations AS (
    SELECT snapshot_id, list(station_id ORDER BY station_id) AS stations
    FROM repeats
    WHERE number > 1
    GROUP BY snapshot_id
)
SELECT conclusions.* REPLACE (coalesce(stations, []) AS repeated)
FROM conclusions
SEMI JOIN selected_keys USING (snapshot_id)
LEFT JOIN repeated_stations USING (snapshot_id);

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
