-- A row is a quality test on one site in one month: how many of the site's readings failed the
-- test, by their final flag. All readings count, usable or not. A snapshot that two sites show
-- counts for both; a snapshot that several pages of a site show counts once.
-- - month: first day of the month (KST) of observation, or of the printed date if that is false;
--   null for readings without a date
-- - site: the site; null if unknown
-- - test: name of the quality test
-- - not_evaluated: failed readings with flag 2, not evaluated [readings]
-- - suspect: failed readings with flag 3, suspect [readings]
-- - failed: failed readings with flag 4, fail [readings]
-- - missing: failed readings with flag 9, missing [readings]
-- - readings: all readings of the site in the month [readings]
-- - share: failed readings as a share of all readings, from 0 to 1
WITH sighted AS (
    SELECT DISTINCT
        snapshot_id,
        site,
        date_trunc('month', coalesce(observed_on, timed_snapshots.printed_on))::DATE AS month,
        station_count
    FROM sightings
    JOIN documents USING (document_id)
    JOIN timed_snapshots USING (snapshot_id)
),
counted AS (
    -- Counted in a window instead of a joined table, so that a query for a year reads only that
    -- year.
    SELECT *, sum(station_count) OVER (PARTITION BY month, site)::BIGINT AS readings FROM sighted
),
failures AS (
    SELECT snapshot_id, flag, unnest(failed) AS test FROM quality
)
SELECT
    month,
    site,
    test,
    count(*) FILTER (flag = 2) AS not_evaluated,
    count(*) FILTER (flag = 3) AS suspect,
    count(*) FILTER (flag = 4) AS failed,
    count(*) FILTER (flag = 9) AS missing,
    readings,
    round(count(*) / readings, 4) AS share
FROM failures JOIN counted USING (snapshot_id)
GROUP BY month, site, test, readings
