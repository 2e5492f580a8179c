-- What is wrong with a warehouse as a whole: each claim that doesn't hold, with how many rows.
WITH described AS (
    SELECT snapshot_id, count(*) AS stations, count(DISTINCT station_id) AS different
    FROM readings
    GROUP BY snapshot_id
),
broken AS (
    SELECT 'documents met twice' AS claim, count(*) - count(DISTINCT document_id) AS rows
    FROM documents
    UNION ALL
    SELECT 'snapshots met twice', count(*) - count(DISTINCT snapshot_id) FROM snapshots
    UNION ALL
    SELECT 'snapshots without exactly station_count readings', count(*)
    FROM snapshots LEFT JOIN described USING (snapshot_id)
    WHERE station_count IS DISTINCT FROM stations OR stations <> different
    UNION ALL
    SELECT 'snapshots that nobody sighted', count(*)
    FROM snapshots ANTI JOIN sightings USING (snapshot_id)
    UNION ALL
    SELECT 'snapshots with readings but not described', count(*)
    FROM described ANTI JOIN snapshots USING (snapshot_id)
    UNION ALL
    SELECT 'sightings of snapshots not described', count(*)
    FROM sightings ANTI JOIN snapshots USING (snapshot_id)
    UNION ALL
    SELECT 'sightings in documents not described', count(*)
    FROM sightings ANTI JOIN documents USING (document_id)
    UNION ALL
    SELECT 'sightings by loads not described', count(*)
    FROM sightings ANTI JOIN loads USING (load_id)
    UNION ALL
    SELECT 'rejects in documents not described', count(*)
    FROM rejects ANTI JOIN documents USING (document_id)
    UNION ALL
    SELECT 'flags of readings not there', count(*)
    FROM quality ANTI JOIN readings USING (snapshot_id, station_id)
    UNION ALL
    SELECT 'comparisons of snapshots not described', count(*)
    FROM reconciliations ANTI JOIN snapshots USING (snapshot_id)
)
FROM broken WHERE rows > 0
