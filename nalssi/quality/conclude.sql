-- What is concluded of the snapshots `quality_wanted`: when they were observed, and what of them
-- cannot be used. In the order of ids, which begin with the day, as questions go by day.
INSERT INTO conclusions
WITH wanted AS (
    SELECT * FROM snapshots SEMI JOIN quality_wanted USING (snapshot_id)
),
refused AS (
    SELECT snapshot_id, list(station_id ORDER BY station_id) AS unusable
    FROM quality SEMI JOIN quality_wanted USING (snapshot_id)
    -- A missing value that also could not be evaluated has flag 2.
    WHERE flag NOT IN (1, 2) OR list_contains(failed, 'missing')
    GROUP BY snapshot_id
),
timed AS (
    SELECT
        snapshot_id,
        wanted.observed_on AS stands_under,
        coalesce(wanted.observed_at, reconciliations.observed_at) AS observed_at,
        CASE
            WHEN wanted.observed_at IS NOT NULL THEN 'feed'
            WHEN reconciliations.observed_at IS NOT NULL THEN 'reconciled'
        END AS hour_source,
        station_count,
        coalesce(unusable, []) AS unusable
    FROM wanted
    LEFT JOIN reconciliations USING (snapshot_id)
    LEFT JOIN refused USING (snapshot_id)
)
SELECT
    snapshot_id,
    -- Days since 1970 in Korea, nine hours ahead: six times as fast as AT TIME ZONE, and the same
    -- since 1988, when summer time ended.
    coalesce(
        '1970-01-01'::DATE + ((epoch_us(observed_at) + 32_400_000_000) // 86_400_000_000)::INTEGER,
        stands_under
    ) AS observed_on,
    observed_at,
    hour_source,
    station_count - len(unusable) AS usable,
    unusable
FROM timed
ORDER BY snapshot_id
