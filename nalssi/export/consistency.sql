-- Violations of consistency between the tables of a warehouse, each with its number of rows.
WITH station_counts AS (
    SELECT snapshot_id, count(*) AS stations, count(DISTINCT station_id) AS different
    FROM readings
    GROUP BY snapshot_id
),
violations AS (
    SELECT 'documents that occur twice' AS violation, count(*) - count(DISTINCT document_id) AS rows
    FROM documents
    UNION ALL
    SELECT 'snapshots that occur twice', count(*) - count(DISTINCT snapshot_id) FROM snapshots
    UNION ALL
    SELECT 'snapshots without exactly station_count readings', count(*)
    FROM snapshots LEFT JOIN station_counts USING (snapshot_id)
    WHERE station_count IS DISTINCT FROM stations OR stations <> different
    UNION ALL
    SELECT 'snapshots without a sighting', count(*)
    FROM snapshots ANTI JOIN sightings USING (snapshot_id)
    UNION ALL
    SELECT 'readings of missing snapshots', count(*)
    FROM station_counts ANTI JOIN snapshots USING (snapshot_id)
    UNION ALL
    SELECT 'sightings of missing snapshots', count(*)
    FROM sightings ANTI JOIN snapshots USING (snapshot_id)
    UNION ALL
    SELECT 'sightings in missing documents', count(*)
    FROM sightings ANTI JOIN documents USING (document_id)
    UNION ALL
    SELECT 'sightings of missing loads', count(*)
    FROM sightings ANTI JOIN loads USING (load_id)
    UNION ALL
    SELECT 'rejects in missing documents', count(*)
    FROM rejects ANTI JOIN documents USING (document_id)
    UNION ALL
    SELECT 'flags of missing readings', count(*)
    FROM quality ANTI JOIN readings USING (snapshot_id, station_id)
    UNION ALL
    SELECT 'comparisons of missing snapshots', count(*)
    FROM reconciliations ANTI JOIN snapshots USING (snapshot_id)
)
FROM violations WHERE rows > 0
