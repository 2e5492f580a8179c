-- Which hours of official values the warehouse lacks.

-- step: needed
-- The hours of the days on which snapshots were printed or captured, and the last three of the
-- evening before: a page that is printed after midnight shows them.
WITH days AS (
    SELECT observed_on AS day FROM snapshots WHERE observed_on IS NOT NULL
    UNION
    SELECT CAST(captured_at AT TIME ZONE 'UTC' + INTERVAL 9 HOUR AS DATE)
    FROM documents
    WHERE captured_at IS NOT NULL
)
SELECT DISTINCT
    epoch_us(day::TIMESTAMP) // 3_600_000_000 - 9 + hour::BIGINT AS hour
FROM days, range(-3, 24) AS span(hour)
ORDER BY hour;

-- step: stored
-- The hours from $first to $last that are stored. An hour is stored if most stations have a value,
-- or if it has settled (it is before $settled) and a call has fetched it. A call fetches all
-- stations; those that send late are missing at first.
SELECT epoch_us(observed_at) // 3_600_000_000 AS hour
FROM observations
WHERE source <> 'feed'
    AND observed_at BETWEEN make_timestamptz($first * 3_600_000_000)
        AND make_timestamptz($last * 3_600_000_000)
GROUP BY observed_at
HAVING count(*) >= $most_stations
    OR (
        count(*) FILTER (source = 'apihub') > 0
        AND observed_at < make_timestamptz($settled * 3_600_000_000)
    );
