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
totals AS (
    SELECT month, site, sum(station_count)::BIGINT AS readings FROM sighted GROUP BY ALL
),
failures AS (
    SELECT snapshot_id, flag, unnest(failed) AS test FROM quality
),
counts AS (
    SELECT
        month,
        site,
        test,
        count(*) FILTER (flag = 2) AS not_evaluated,
        count(*) FILTER (flag = 3) AS suspect,
        count(*) FILTER (flag = 4) AS failed,
        count(*) FILTER (flag = 9) AS missing,
        count(*) AS not_passed
    FROM failures JOIN sighted USING (snapshot_id)
    GROUP BY ALL
)
SELECT
    counts.month,
    counts.site,
    test,
    not_evaluated,
    suspect,
    failed,
    missing,
    readings,
    round(not_passed / readings, 4) AS share
FROM counts
JOIN totals
    ON totals.month IS NOT DISTINCT FROM counts.month AND totals.site IS NOT DISTINCT FROM counts.site
