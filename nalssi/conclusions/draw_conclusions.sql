-- Draw conclusions from the evidence. `conclude_wanted` names the snapshots.

-- step: times
-- When each snapshot was observed.
CREATE OR REPLACE TEMP TABLE concluded_times AS
WITH wanted AS (
    SELECT * FROM snapshots SEMI JOIN conclude_wanted USING (snapshot_id)
),
shown AS (
    SELECT snapshot_id, min(captured_at) AS first_captured_at
    FROM sightings SEMI JOIN wanted USING (snapshot_id) JOIN documents USING (document_id)
    GROUP BY snapshot_id
),
hours AS (
    SELECT
        snapshot_id,
        wanted.observed_on AS printed_on,
        coalesce(wanted.observed_at, reconciliations.observed_at) AS observed_at,
        CASE
            WHEN wanted.observed_at IS NOT NULL THEN 'feed'
            WHEN reconciliations.observed_at IS NOT NULL THEN 'official'
        END AS hour_source,
        station_count,
        first_captured_at
    FROM wanted
    LEFT JOIN reconciliations USING (snapshot_id)
    LEFT JOIN shown USING (snapshot_id)
),
limits AS (
    SELECT
        *,
        -- A Korean day is computed as that of UTC + 9 hours. That is six times as fast as AT TIME
        -- ZONE, and equal to it since 1988, the last year of summer time.
        coalesce(
            DATE '1970-01-01' + ((epoch_us(observed_at) + 32_400_000_000) // 86_400_000_000)::INTEGER,
            printed_on
        ) AS day,
        observed_at AS not_before,
        coalesce(observed_at, first_captured_at) AS not_after,
        DATE '1970-01-01' + ((epoch_us(first_captured_at) + 32_400_000_000) // 86_400_000_000)::INTEGER
            AS captured_on
    FROM hours
)
SELECT
    snapshot_id,
    day,
    observed_at,
    hour_source,
    not_before,
    not_after,
    CASE
        WHEN hour_source IS NOT NULL THEN observed_at
        WHEN captured_on = day THEN first_captured_at
    END AS clock_at,
    CASE
        WHEN hour_source IS NOT NULL THEN hour_source
        WHEN captured_on = day THEN 'capture'
    END AS clock_source,
    snapshot_id AS counts_as,
    station_count
FROM limits;

-- step: insert_times
INSERT INTO conclusions
SELECT * EXCLUDE (station_count), station_count AS usable, [] AS unusable
FROM concluded_times
ORDER BY snapshot_id;

-- step: usable
-- The usable readings of each snapshot.
CREATE OR REPLACE TEMP TABLE concluded_usable AS
WITH excluded AS (
    SELECT snapshot_id, list(station_id ORDER BY station_id) AS unusable
    FROM quality SEMI JOIN conclude_wanted USING (snapshot_id)
    -- A missing value has flag 2 if it could not be evaluated either.
    WHERE NOT list_contains($usable_flags, flag) OR list_contains(failed, 'missing')
    GROUP BY snapshot_id
)
SELECT
    conclusions.* REPLACE (
        usable + len(conclusions.unusable) - coalesce(len(excluded.unusable), 0) AS usable,
        coalesce(excluded.unusable, []) AS unusable
    )
FROM conclusions SEMI JOIN conclude_wanted USING (snapshot_id) LEFT JOIN excluded USING (snapshot_id);

-- step: insert_usable
-- Rows are sorted by id. An id begins with the day, so a date filter reads only the row groups of
-- its days.
INSERT INTO conclusions FROM concluded_usable ORDER BY snapshot_id;

-- step: delete
DELETE FROM conclusions WHERE snapshot_id IN (SELECT snapshot_id FROM conclude_wanted);

-- step: delete_all
DELETE FROM conclusions;

-- step: drop_times
DROP TABLE concluded_times;

-- step: drop_usable
DROP TABLE concluded_usable;
