-- Derive observations from captures of KMA's feed. `feed_hours` names the hours to derive.

-- step: all_hours
-- Every hour of a feed, and every hour whose values came from one.
CREATE OR REPLACE TEMP TABLE feed_hours AS
SELECT observed_at FROM snapshots WHERE observed_at IS NOT NULL
UNION
SELECT observed_at FROM observations WHERE source = 'feed';

-- step: hours_of_snapshots
CREATE OR REPLACE TEMP TABLE feed_hours AS
SELECT DISTINCT observed_at
FROM snapshots SEMI JOIN feed_wanted USING (snapshot_id)
WHERE observed_at IS NOT NULL;

-- step: hours_given
CREATE OR REPLACE TEMP TABLE feed_hours AS
SELECT DISTINCT observed_at FROM feed_wanted;

-- step: compare
-- The values of the feed that are not stored, and the stored ones that no capture shows any more.
-- Two captures with different values for a station-hour contradict each other: neither counts.
CREATE OR REPLACE TEMP TABLE feed_changes AS
WITH captured AS (
    -- A list that was printed under an earlier date is that of a frozen feed.
    SELECT snapshot_id, observed_at
    FROM snapshots
    SEMI JOIN feed_hours USING (observed_at)
    LEFT JOIN repeated_lists USING (snapshot_id)
    WHERE first_on IS NULL OR observed_on <= first_on
),
excluded AS (
    SELECT snapshot_id, station_id FROM quality WHERE list_has_any(failed, $excluding_tests)
),
better AS (
    SELECT station_id, observed_at
    FROM observations SEMI JOIN feed_hours USING (observed_at)
    WHERE source <> 'feed'
),
stated AS (
    SELECT station_id, observed_at, min(temperature_c) AS temperature_c
    FROM captured
    JOIN readings USING (snapshot_id)
    ANTI JOIN excluded USING (snapshot_id, station_id)
    ANTI JOIN better USING (station_id, observed_at)
    WHERE temperature_c IS NOT NULL
    GROUP BY station_id, observed_at
    HAVING min(temperature_c) = max(temperature_c)
),
stored AS (
    SELECT station_id, observed_at, temperature_c AS stored_c
    FROM observations SEMI JOIN feed_hours USING (observed_at)
    WHERE source = 'feed'
)
SELECT station_id, observed_at, temperature_c, stored_c
FROM stated FULL JOIN stored USING (station_id, observed_at)
WHERE temperature_c IS DISTINCT FROM stored_c;

-- step: remove
DELETE FROM observations
WHERE source = 'feed' AND (station_id, observed_at) IN (
    SELECT (station_id, observed_at) FROM feed_changes WHERE stored_c IS NOT NULL
);

-- step: add
INSERT INTO observations (station_id, observed_at, temperature_c, source)
SELECT station_id, observed_at, temperature_c, 'feed' FROM feed_changes
WHERE temperature_c IS NOT NULL
ORDER BY observed_at, station_id;

-- step: note_changed_hours
INSERT INTO meta.changed_hours SELECT DISTINCT observed_at FROM feed_changes;

-- step: drop_tables
DROP TABLE feed_hours; DROP TABLE feed_changes;
