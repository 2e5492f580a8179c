-- Draw conclusions from the evidence. `conclude_wanted` names the snapshots.

-- step: neighbours
-- The snapshots whose interval can depend on the snapshots in `conclude_wanted`: these snapshots,
-- those of the next capture of each of their pages, and those of their sites with a date up to a day
-- before or after.
WITH shown AS MATERIALIZED (
    SELECT DISTINCT site, uri, captured_at, printed_on, date_source
    FROM sightings SEMI JOIN conclude_wanted USING (snapshot_id) JOIN documents USING (document_id)
),
captures AS (
    SELECT document_id, uri, captured_at
    FROM documents
    WHERE captured_at IS NOT NULL AND uri IN (SELECT uri FROM shown)
),
next_captures AS (
    SELECT DISTINCT captures.uri, captures.captured_at
    FROM shown ASOF JOIN captures
        ON shown.uri = captures.uri AND captures.captured_at > shown.captured_at
),
dates AS (
    SELECT DISTINCT site, printed_on + shift::INTEGER AS printed_on
    FROM shown, range(-1, 2) AS shifts (shift)
    WHERE site IS NOT NULL AND date_source = 'ticker'
)
FROM conclude_wanted
UNION
SELECT snapshot_id
FROM captures SEMI JOIN next_captures USING (uri, captured_at) JOIN sightings USING (document_id)
UNION
SELECT snapshot_id
FROM sightings JOIN documents USING (document_id) SEMI JOIN dates USING (site, printed_on)
WHERE date_source = 'ticker';

-- step: times
-- When each snapshot was observed.
CREATE OR REPLACE TEMP TABLE concluded_times AS
WITH wanted AS MATERIALIZED (
    SELECT * FROM snapshots SEMI JOIN conclude_wanted USING (snapshot_id)
),
shown AS MATERIALIZED (
    SELECT snapshot_id, document_id, site, uri, captured_at, sightings.printed_on, date_source
    FROM sightings SEMI JOIN wanted USING (snapshot_id) JOIN documents USING (document_id)
),
-- Captures: a list is not observed after it was captured.
captured AS (
    SELECT
        snapshot_id,
        min(captured_at) AS first_captured_at,
        count(DISTINCT document_id) AS pages,
        arg_min(document_id, (coalesce(captured_at, 'infinity'), document_id)) AS first_document_id
    FROM shown
    GROUP BY snapshot_id
),
-- Captures of one page: a list is not observed before the last capture that showed another list,
-- less the delay of sites.
on_page AS (
    SELECT snapshot_id, uri, min(captured_at) AS captured_at
    FROM shown
    WHERE captured_at IS NOT NULL
    GROUP BY snapshot_id, uri
),
page_captures AS (
    SELECT DISTINCT uri, captured_at
    FROM documents SEMI JOIN on_page USING (uri) SEMI JOIN sightings USING (document_id)
    WHERE captured_at IS NOT NULL
),
after_another_list AS (
    SELECT snapshot_id, max(before.captured_at) - to_hours($delay_hours) AS not_before
    FROM on_page ASOF JOIN page_captures AS before
        ON on_page.uri = before.uri AND before.captured_at < on_page.captured_at
    GROUP BY snapshot_id
),
-- Dates: a list is not observed after the date that is printed at it, 23:00 at the latest. If the
-- site's feed is live, it is not observed before 23:00 of the evening before.
dated AS (
    SELECT DISTINCT snapshot_id, site, printed_on
    FROM shown
    WHERE date_source = 'ticker' AND printed_on IS NOT NULL
),
site_days AS (
    SELECT DISTINCT site, printed_on + shift::INTEGER AS printed_on
    FROM dated, range(-1, 2) AS shifts (shift)
    WHERE site IS NOT NULL
),
site_lists AS (
    SELECT DISTINCT site, printed_on, snapshot_id
    FROM documents JOIN sightings USING (document_id) SEMI JOIN site_days USING (site, printed_on)
    WHERE date_source = 'ticker' AND snapshot_id NOT IN (SELECT snapshot_id FROM repeated_lists)
),
site_values AS (
    SELECT
        site, printed_on, station_id, min(temperature_c) AS low_c, max(temperature_c) AS high_c
    FROM site_lists JOIN readings USING (snapshot_id)
    WHERE temperature_c IS NOT NULL
    GROUP BY site, printed_on, station_id
),
changed_within AS (
    SELECT DISTINCT site, printed_on FROM site_values WHERE low_c < high_c
),
changed_overnight AS (
    SELECT DISTINCT site, today.printed_on
    FROM site_values AS today JOIN site_values AS next USING (site, station_id)
    WHERE next.printed_on = today.printed_on + 1
        AND (today.low_c <> next.low_c OR today.high_c <> next.high_c)
),
live AS (
    FROM changed_within
    UNION
    SELECT before.site, after.printed_on
    FROM changed_overnight AS before JOIN changed_overnight AS after
        ON before.site = after.site AND before.printed_on + 1 = after.printed_on
),
by_date AS (
    SELECT
        snapshot_id,
        -- 23:00 in Korea is 14:00 UTC.
        to_timestamp((min(printed_on) - DATE '1970-01-01') * 86400 + 14 * 3600) AS last_hour,
        bool_or(live.site IS NOT NULL) AS is_live
    FROM dated LEFT JOIN live USING (site, printed_on)
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
        first_captured_at,
        coalesce(pages, 0) AS pages,
        first_document_id,
        -- A repeated list was observed on the first of its dates that shows that it existed, or
        -- before: it may have been frozen already.
        least(
            first_captured_at,
            last_hour,
            to_timestamp((existed_on - DATE '1970-01-01') * 86400 + 14 * 3600)
        ) AS latest,
        CASE
            WHEN repeated_lists.snapshot_id IS NULL THEN greatest(
                after_another_list.not_before,
                CASE WHEN is_live THEN last_hour - INTERVAL 1 DAY END
            )
        END AS earliest
    FROM wanted
    LEFT JOIN reconciliations USING (snapshot_id)
    LEFT JOIN repeated_lists USING (snapshot_id)
    LEFT JOIN captured USING (snapshot_id)
    LEFT JOIN after_another_list USING (snapshot_id)
    LEFT JOIN by_date USING (snapshot_id)
),
limits AS (
    SELECT
        *,
        coalesce(observed_at, latest) AS not_after,
        -- If the limits contradict each other, the later one is certain: no list is captured, or
        -- stands under a date, before it exists.
        coalesce(observed_at, CASE WHEN earliest > latest THEN NULL ELSE earliest END) AS not_before,
        to_timestamp((printed_on - DATE '1970-01-01') * 86400 + 14 * 3600) AS printed_last_hour,
        -- A Korean day is that of UTC + 9 hours. To compute it is six times as fast as AT TIME
        -- ZONE, and equal to it since 1988, the last year of summer time.
        DATE '1970-01-01' + ((epoch_us(observed_at) + 32_400_000_000) // 86_400_000_000)::INTEGER
            AS day_of_hour,
        DATE '1970-01-01' + ((epoch_us(first_captured_at) + 32_400_000_000) // 86_400_000_000)::INTEGER
            AS captured_on
    FROM hours
),
days AS (
    SELECT
        *,
        CASE
            WHEN observed_at IS NOT NULL THEN day_of_hour
            -- The date is proved false if no hour from 23:00 of the evening before to 23:00 of the
            -- date lies in the interval.
            WHEN not_after < printed_last_hour - INTERVAL 1 DAY THEN NULL
            WHEN not_before > printed_last_hour THEN NULL
            ELSE printed_on
        END AS day
    FROM limits
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
    -- Each list counts as itself, until nalssi/quality/distinct_observations.py compares lists.
    snapshot_id AS counts_as,
    day AS counts_on,
    clock_at AS counts_at,
    clock_source AS counts_source,
    1 AS lists,
    [] AS repeated,
    pages,
    first_document_id,
    station_count
FROM days;

-- step: changed_times
-- The snapshots whose times are not those in `conclusions`, removed snapshots among them, and their
-- days there.
WITH stored AS (
    FROM conclusions SEMI JOIN conclude_wanted USING (snapshot_id)
)
SELECT snapshot_id, stored.day AS former_day
FROM stored FULL JOIN concluded_times AS new USING (snapshot_id)
WHERE (
    stored.snapshot_id IS NULL, stored.day, stored.observed_at, stored.hour_source,
    stored.not_before, stored.not_after, stored.clock_at, stored.clock_source,
    stored.pages, stored.first_document_id
) IS DISTINCT FROM (
    new.snapshot_id IS NULL, new.day, new.observed_at, new.hour_source,
    new.not_before, new.not_after, new.clock_at, new.clock_source,
    new.pages, new.first_document_id
);

-- step: insert_times
-- All readings count as usable, until the checks have decided which of them are.
INSERT INTO conclusions
SELECT * EXCLUDE (station_count), station_count AS usable, [] AS unusable
FROM concluded_times SEMI JOIN conclude_changed USING (snapshot_id)
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

-- step: delete_changed
DELETE FROM conclusions WHERE snapshot_id IN (SELECT snapshot_id FROM conclude_changed);

-- step: delete_removed
DELETE FROM conclusions WHERE snapshot_id NOT IN (SELECT snapshot_id FROM snapshots);

-- step: drop_times
DROP TABLE concluded_times;

-- step: drop_usable
DROP TABLE concluded_usable;
