-- Find the snapshots that a change can affect. `quality_wanted` names the changed snapshots.

-- step: all_changed_or_one_gone
SELECT count(*) = (SELECT count(*) FROM snapshots) OR count(*) < (SELECT count(*) FROM quality_wanted)
FROM quality_wanted SEMI JOIN snapshots USING (snapshot_id);

-- step: printed
-- The temperatures that the snapshots print.
SELECT snapshot_id, station_id, temperature_c
FROM readings SEMI JOIN quality_wanted USING (snapshot_id)
WHERE temperature_c IS NOT NULL;

-- step: similar
-- Snapshots that print at least $min_common of the temperatures of one snapshot in
-- `quality_printed`. All snapshots that agree with it are among them.
SELECT DISTINCT readings.snapshot_id
FROM quality_printed JOIN readings USING (station_id, temperature_c)
GROUP BY quality_printed.snapshot_id, readings.snapshot_id
HAVING count(*) >= $min_common;

-- step: hours
SELECT DISTINCT observed_at
FROM conclusions SEMI JOIN quality_wanted USING (snapshot_id)
WHERE observed_at IS NOT NULL;

-- step: near_dates
-- Snapshots dated within $days of a changed snapshot.
SELECT snapshot_id
FROM snapshots
SEMI JOIN (
    SELECT DISTINCT observed_on + CAST(shift AS INTEGER) AS observed_on
    FROM snapshots
    SEMI JOIN quality_wanted USING (snapshot_id),
    range(-$days, $days + 1) AS shifts (shift)
    WHERE observed_on IS NOT NULL
) USING (observed_on);

-- step: near_hours
-- Snapshots of known hour within $hours of the known hours, present and former, of the changed
-- snapshots.
WITH timed AS (
    SELECT snapshot_id, observed_at FROM conclusions WHERE observed_at IS NOT NULL
),
wanted AS MATERIALIZED (
    SELECT observed_at AS hour FROM timed SEMI JOIN quality_wanted USING (snapshot_id)
    UNION
    SELECT observed_at FROM quality_former_hours
),
near AS MATERIALIZED (
    SELECT snapshot_id, observed_at
    FROM timed
    WHERE observed_at BETWEEN (SELECT min(hour) FROM wanted) - to_hours($hours)
        AND (SELECT max(hour) FROM wanted) + to_hours($hours)
)
SELECT snapshot_id
FROM near ASOF JOIN wanted ON observed_at >= hour
WHERE observed_at <= hour + to_hours($hours)
UNION
SELECT snapshot_id
FROM near ASOF JOIN wanted ON observed_at <= hour
WHERE observed_at >= hour - to_hours($hours);

-- step: has_stuck_station
-- Whether a station may be stuck in the snapshots of `quality_near`: it was flagged before, or it
-- prints one value on $dates consecutive dates, at one site or over all sites ('').
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
-- Consecutive dates of one value get one number: how many dates of other values came before.
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
    );

-- step: stored_findings
-- The readings of the snapshots in `quality_grid_rows` that failed $test in the stored table.
SELECT grid_row, station_id
FROM quality JOIN quality_grid_rows USING (snapshot_id)
WHERE list_contains(failed, $test);
