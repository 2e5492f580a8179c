-- Insert the summary of each snapshot in `quality_wanted`: when it was observed, and which of its
-- readings are not usable. Rows are sorted by id. An id begins with the day, so a date filter
-- reads only the row groups of its days.
INSERT INTO conclusions
WITH wanted AS (
    SELECT * FROM snapshots SEMI JOIN quality_wanted USING (snapshot_id)
),
excluded AS (
    SELECT snapshot_id, list(station_id ORDER BY station_id) AS unusable
    FROM quality SEMI JOIN quality_wanted USING (snapshot_id)
    -- A missing value has flag 2 if it could not be evaluated either.
    WHERE NOT list_contains($usable_flags, flag) OR list_contains(failed, 'missing')
    GROUP BY snapshot_id
),
timed AS (
    SELECT
        snapshot_id,
        wanted.observed_on AS printed_day,
        coalesce(wanted.observed_at, reconciliations.observed_at) AS observed_at,
        CASE
            WHEN wanted.observed_at IS NOT NULL THEN 'feed'
            WHEN reconciliations.observed_at IS NOT NULL THEN 'reconciled'
        END AS hour_source,
        station_count,
        coalesce(unusable, []) AS unusable
    FROM wanted
    LEFT JOIN reconciliations USING (snapshot_id)
    LEFT JOIN excluded USING (snapshot_id)
)
SELECT
    snapshot_id,
    -- The Korean day, computed as UTC + 9 hours. That is six times as fast as AT TIME ZONE, and
    -- equal to it since 1988, the last year of summer time.
    coalesce(
        '1970-01-01'::DATE + ((epoch_us(observed_at) + 32_400_000_000) // 86_400_000_000)::INTEGER,
        printed_day
    ) AS observed_on,
    observed_at,
    hour_source,
    station_count - len(unusable) AS usable,
    unusable
FROM timed
ORDER BY snapshot_id
