-- For each day (KST) with lists, and for each undated list: a digest of everything that its page can
-- show, and the numbers of its lists and readings. `unit` is the day, or the id of an undated list.
-- Readings are not read. The id of a list is a digest of its readings; the words that pages print
-- for the weather can change only when a page is added or removed, which changes the sightings.
-- A list that counts on another day than its own is in the digests of both days.
-- `hash` may change with DuckDB's version. Then all digests change once.
WITH of_quality AS (
    SELECT snapshot_id, sum(hash(station_id, flag, failed)) AS digest
    FROM quality
    GROUP BY snapshot_id
),
of_sightings AS (
    SELECT
        snapshot_id,
        sum(hash(
            line, sightings.printed_on, date_source, document_id, uri, site, captured_at
        )) AS digest
    FROM sightings LEFT JOIN documents USING (document_id)
    GROUP BY snapshot_id
),
lists AS (
    SELECT
        day,
        counts_on,
        snapshot_id,
        usable + len(unusable) AS readings,
        hash(conclusions, snapshots, repeated_lists, of_quality.digest, of_sightings.digest)
            AS digest
    FROM conclusions
    JOIN snapshots USING (snapshot_id)
    LEFT JOIN repeated_lists USING (snapshot_id)
    LEFT JOIN of_quality USING (snapshot_id)
    LEFT JOIN of_sightings USING (snapshot_id)
),
shown AS (
    SELECT day, true AS is_own, snapshot_id, readings, digest FROM lists
    UNION ALL
    SELECT counts_on, false, snapshot_id, 0, digest FROM lists
    WHERE counts_on IS NOT NULL AND counts_on IS DISTINCT FROM day
)
SELECT
    coalesce(strftime(day, '%Y-%m-%d'), snapshot_id) AS unit,
    day,
    count(*) FILTER (is_own) AS lists,
    sum(readings)::BIGINT AS readings,
    to_hex(hash(list(digest ORDER BY snapshot_id, is_own))) AS digest
FROM shown
GROUP BY ALL
ORDER BY day NULLS FIRST, unit
