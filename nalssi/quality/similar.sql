-- Snapshots that print the same temperature at so many stations as one of `quality_wanted`
-- does: whoever agrees with it is among them.
WITH printed AS (
    SELECT snapshot_id, station_id, temperature_c
    FROM readings SEMI JOIN quality_wanted USING (snapshot_id)
    WHERE temperature_c IS NOT NULL
)
SELECT DISTINCT other.snapshot_id
FROM printed JOIN readings AS other USING (station_id, temperature_c)
GROUP BY printed.snapshot_id, other.snapshot_id
HAVING count(*) >= $least
