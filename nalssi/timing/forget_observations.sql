-- Remove official observations. The steps run in this order.

-- step: select
-- Values of the feed belong to its captures, and are removed with their documents.
-- Korean days are computed as UTC + 9 hours. The time zone's rules would use local mean time for
-- the years before 1908.
CREATE OR REPLACE TEMP TABLE forgotten AS
SELECT station_id, observed_at
FROM observations
WHERE source <> 'feed'
    AND ($stations IS NULL OR list_contains($stations, station_id))
    AND ($since IS NULL OR observed_at AT TIME ZONE 'UTC' + INTERVAL 9 HOUR >= $since::DATE)
    AND ($until IS NULL
        OR observed_at AT TIME ZONE 'UTC' + INTERVAL 9 HOUR < $until::DATE + INTERVAL 1 DAY);

-- step: changed_hours
SELECT DISTINCT observed_at FROM forgotten ORDER BY observed_at;

-- step: counts
SELECT
    count(*) AS observations,
    count(DISTINCT station_id) AS stations,
    CAST(CAST(min(observed_at AT TIME ZONE 'UTC') + INTERVAL 9 HOUR AS DATE) AS VARCHAR) AS since,
    CAST(CAST(max(observed_at AT TIME ZONE 'UTC') + INTERVAL 9 HOUR AS DATE) AS VARCHAR) AS until,
    (
        SELECT count(*) FROM reconciliations
        WHERE observed_at IN (SELECT observed_at FROM forgotten)
    ) AS timed
FROM forgotten;

-- step: delete
DELETE FROM observations
WHERE (station_id, observed_at) IN (SELECT (station_id, observed_at) FROM forgotten);

-- step: drop_table
DROP TABLE forgotten;
