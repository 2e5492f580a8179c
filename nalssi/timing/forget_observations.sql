-- Which official values go, and what follows from that: the steps in order.

-- step: forgotten
-- A day is one of Korean time, counted from UTC: for years long past, the time zone's own rules
-- would give local mean time.
CREATE OR REPLACE TEMP TABLE forgotten AS
SELECT station_id, observed_at
FROM observations
WHERE ($stations IS NULL OR list_contains($stations, station_id))
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

-- step: forget
DELETE FROM observations
WHERE (station_id, observed_at) IN (SELECT (station_id, observed_at) FROM forgotten);

-- step: done
DROP TABLE forgotten;
