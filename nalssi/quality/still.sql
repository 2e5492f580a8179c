-- Whether any station stood still in `quality_near` (the lists of `near_dates`): was held to, or
-- prints one and the same value on `dates` consecutive dates, at one site or over all ('').
WITH near AS (
    SELECT snapshot_id, observed_on FROM snapshots SEMI JOIN quality_near USING (snapshot_id)
),
sited AS (
    SELECT DISTINCT snapshot_id, observed_on, site
    FROM near JOIN sightings USING (snapshot_id) JOIN documents USING (document_id)
    WHERE site IS NOT NULL
    UNION ALL
    SELECT snapshot_id, observed_on, '' FROM near
),
daily AS (
    SELECT
        site,
        station_id,
        observed_on,
        min(round(temperature_c * 10)) AS low,
        max(round(temperature_c * 10)) AS high
    FROM readings JOIN sited USING (snapshot_id)
    WHERE temperature_c IS NOT NULL
    GROUP BY site, station_id, observed_on
),
-- Consecutive dates of one value have one number: how many dates of other values came before.
runs AS (
    SELECT
        site,
        station_id,
        low,
        high,
        row_number() OVER (PARTITION BY site, station_id ORDER BY observed_on)
        - row_number() OVER (PARTITION BY site, station_id, low, high ORDER BY observed_on) AS run
    FROM daily
)
SELECT
    EXISTS (
        SELECT 1 FROM quality SEMI JOIN near USING (snapshot_id)
        WHERE list_contains(failed, 'stuck_station')
    )
    OR EXISTS (
        SELECT 1 FROM runs
        WHERE low = high
        GROUP BY site, station_id, low, run
        HAVING count(*) >= $dates
    )
