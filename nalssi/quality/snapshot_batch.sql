-- Read snapshots for the checks.

-- step: snapshots
-- The columns that the checks need of the snapshots in `quality_wanted`, sorted by id. The date
-- source is the most reliable one of the snapshot's sightings.
WITH dated AS (
    SELECT
        snapshot_id,
        min(list_position(['feed', 'ticker', 'site', 'capture'], date_source)) AS source_rank,
        list(DISTINCT site ORDER BY site) FILTER (site IS NOT NULL) AS sites
    FROM sightings
    SEMI JOIN quality_wanted USING (snapshot_id)
    LEFT JOIN documents USING (document_id)
    GROUP BY snapshot_id
)
SELECT
    snapshot_id,
    observed_on,
    ['feed', 'ticker', 'site', 'capture'][source_rank] AS date_source,
    epoch_us(conclusions.observed_at) AS observed_at,
    station_count,
    coalesce(verdict = 'frozen_feed', false) AS proven_frozen,
    sites
FROM snapshots
SEMI JOIN quality_wanted USING (snapshot_id)
LEFT JOIN dated USING (snapshot_id)
LEFT JOIN reconciliations USING (snapshot_id)
LEFT JOIN conclusions USING (snapshot_id)
ORDER BY snapshot_id;

-- step: readings
-- The readings of the snapshots in `quality_grid_rows`.
SELECT grid_row, station_id, condition, temperature_c
FROM readings JOIN quality_grid_rows USING (snapshot_id);
