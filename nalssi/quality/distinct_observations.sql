-- Group the lists of `conclusions` into observations.

-- step: days
SELECT DISTINCT day FROM conclusions SEMI JOIN quality_wanted USING (snapshot_id)
WHERE day IS NOT NULL;

-- step: all_days
SELECT DISTINCT day FROM conclusions WHERE day IS NOT NULL;

-- step: near_days
-- The days whose rows are written again (`is_written`), and the days that decide about them.
-- A list of unknown hour joins hours of its day or of the day before, and an observation with such
-- a list is described by all of its lists.
CREATE OR REPLACE TEMP TABLE near_days AS
SELECT day + shift::INTEGER AS day, bool_or(shift BETWEEN -1 AND 2) AS is_written
FROM changed_days, range(-3, 4) AS shifts (shift)
GROUP BY ALL;

-- step: lists
-- The lists of these days that have a usable reading. `earliest` and `latest` are the ends of the
-- interval of the hour, at most from 23:00 of the evening before to the end of the day, and `hour`
-- is the known hour, in microseconds since 1970. A day begins at 15:00 UTC of the day before.
SELECT
    snapshot_id,
    day,
    epoch_us(observed_at) AS hour,
    greatest(epoch_us(day::TIMESTAMP) - 36_000_000_000, epoch_us(not_before)) AS earliest,
    least(epoch_us(day::TIMESTAMP) + 54_000_000_000 - 1, epoch_us(not_after)) AS latest
FROM conclusions SEMI JOIN near_days USING (day)
WHERE usable > 0
ORDER BY snapshot_id;

-- step: temperatures
SELECT grid_row, station_id, round(temperature_c * 10)::SMALLINT AS tenths
FROM readings JOIN quality_grid_rows USING (snapshot_id)
WHERE temperature_c IS NOT NULL;

-- step: regrouped
-- The rows that change. An observation counts as the first of its lists in this order: known hours
-- (those of a feed first), then the earliest clock, then the longest list. Of each station, the
-- reading of the first list with a usable one counts.
CREATE OR REPLACE TEMP TABLE regrouped AS
WITH members AS (
    SELECT
        snapshot_id,
        observation,
        day,
        clock_at,
        clock_source,
        unusable,
        count(*) OVER (PARTITION BY observation)::SMALLINT AS lists,
        row_number() OVER (
            PARTITION BY observation
            ORDER BY
                list_position(['feed', 'official'], hour_source) NULLS LAST,
                clock_at NULLS LAST,
                station_count DESC,
                snapshot_id
        ) AS position
    FROM grouped_lists JOIN conclusions USING (snapshot_id) JOIN snapshots USING (snapshot_id)
),
several AS MATERIALIZED (
    SELECT
        *,
        first_value(row(snapshot_id, day, clock_at, clock_source))
            OVER (PARTITION BY observation ORDER BY position) AS first
    FROM members
    WHERE lists > 1
),
numbered AS (
    SELECT
        snapshot_id,
        station_id,
        row_number() OVER (PARTITION BY observation, station_id ORDER BY position) AS number
    FROM readings JOIN several USING (snapshot_id)
    WHERE temperature_c IS NOT NULL AND NOT list_contains(unusable, station_id)
),
repeats AS (
    SELECT snapshot_id, list(station_id ORDER BY station_id) AS repeated
    FROM numbered
    WHERE number > 1
    GROUP BY snapshot_id
),
described AS (
    SELECT
        conclusions.* REPLACE (
            coalesce(first[1], snapshot_id) AS counts_as,
            CASE WHEN first IS NULL THEN conclusions.day ELSE first[2] END AS counts_on,
            CASE WHEN first IS NULL THEN conclusions.clock_at ELSE first[3] END AS counts_at,
            CASE WHEN first IS NULL THEN conclusions.clock_source ELSE first[4] END AS counts_source,
            coalesce(several.lists, 1)::SMALLINT AS lists,
            coalesce(repeats.repeated, []) AS repeated
        )
    FROM conclusions
    SEMI JOIN (FROM near_days WHERE is_written) AS written USING (day)
    LEFT JOIN several USING (snapshot_id)
    LEFT JOIN repeats USING (snapshot_id)
)
FROM described EXCEPT ALL FROM conclusions;

-- step: delete
DELETE FROM conclusions WHERE snapshot_id IN (SELECT snapshot_id FROM regrouped);

-- step: insert
INSERT INTO conclusions SELECT * FROM regrouped ORDER BY snapshot_id;

-- step: drop
DROP TABLE regrouped;
DROP TABLE near_days;
