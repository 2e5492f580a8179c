-- What is concluded of each snapshot, in a row of its own (nalssi/quality/conclude.sql): views
-- that had to put it together of three tables looked at all that is refused, whatever the day.
CREATE TABLE conclusions (
    snapshot_id VARCHAR NOT NULL,
    observed_on DATE,
    observed_at TIMESTAMPTZ,
    hour_source VARCHAR,
    usable SMALLINT NOT NULL,
    unusable SMALLINT[] NOT NULL
);

INSERT INTO conclusions
WITH refused AS (
    SELECT snapshot_id, list(station_id ORDER BY station_id) AS unusable
    FROM quality
    WHERE flag NOT IN (1, 2) OR list_contains(failed, 'missing')
    GROUP BY snapshot_id
),
timed AS (
    SELECT
        snapshot_id,
        snapshots.observed_on AS stands_under,
        coalesce(snapshots.observed_at, reconciliations.observed_at) AS observed_at,
        CASE
            WHEN snapshots.observed_at IS NOT NULL THEN 'feed'
            WHEN reconciliations.observed_at IS NOT NULL THEN 'reconciled'
        END AS hour_source,
        station_count,
        coalesce(unusable, []) AS unusable
    FROM snapshots
    LEFT JOIN reconciliations USING (snapshot_id)
    LEFT JOIN refused USING (snapshot_id)
)
SELECT
    snapshot_id,
    coalesce(
        '1970-01-01'::DATE + ((epoch_us(observed_at) + 32_400_000_000) // 86_400_000_000)::INTEGER,
        stands_under
    ),
    observed_at,
    hour_source,
    station_count - len(unusable),
    unusable
FROM timed
ORDER BY snapshot_id;
