-- A row is a quality test on one site in one month: how many of the readings sighted there did not
-- pass it, by the reading's flag in the end. Not restricted to usable readings. A
-- snapshot sighted on two sites counts on both, on several pages of one site once.
-- - month: first day of the month (KST); null for readings without a date
-- - site: the site; null if unknown
-- - test: name of the test
-- - not_evaluated: those flagged 2: nothing could judge the value [readings]
-- - suspect: those flagged 3 [readings]
-- - failed: those flagged 4 [readings]
-- - missing: those flagged 9 [readings]
-- - readings: all readings sighted on the site in the month [readings]
-- - share: those that did not pass, from 0 to 1
WITH sighted AS (
    SELECT DISTINCT
        snapshot_id, site, date_trunc('month', observed_on)::DATE AS month, station_count
    FROM sightings
    JOIN documents USING (document_id)
    JOIN timed_snapshots USING (snapshot_id)
),
counted AS (
    -- Not a table of its own: asking for a year would read all years for it.
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
