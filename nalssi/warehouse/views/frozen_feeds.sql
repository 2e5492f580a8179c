-- A row is a frozen list: the same stations with the same temperatures under several dates, or under
-- a false date. The quality test `frozen_feed` found a copy of it.
-- - list: id of the first snapshot with this list
-- - station_count: stations in the list [stations]
-- - first_on: first printed date (KST); null if no date is printed
-- - last_on: last printed date (KST); null if no date is printed
-- - dates: number of printed dates [days]
-- - pages: documents that show the list [documents]
-- - sites: the sites of these documents, in alphabetical order
WITH flagged AS (
    SELECT DISTINCT snapshot_id FROM quality WHERE list_contains(failed, 'frozen_feed')
),
-- A copy whose hour is known has no flag, but is one of the dates of the list.
frozen AS (
    FROM flagged
    UNION
    SELECT snapshot_id FROM repeated_lists
),
contents AS (
    SELECT
        snapshot_id,
        list((station_id, temperature_c) ORDER BY station_id) AS content
    FROM readings SEMI JOIN frozen USING (snapshot_id)
    GROUP BY snapshot_id
)
SELECT
    arg_min(snapshot_id, (coalesce(observed_on, 'infinity'::DATE), snapshot_id)) AS list,
    any_value(station_count) AS station_count,
    min(observed_on) AS first_on,
    max(observed_on) AS last_on,
    count(DISTINCT observed_on) AS dates,
    count(DISTINCT document_id) AS pages,
    list_sort(array_agg(DISTINCT site) FILTER (site IS NOT NULL)) AS sites
FROM contents
JOIN snapshots USING (snapshot_id)
JOIN sightings USING (snapshot_id)
JOIN documents USING (document_id)
LEFT JOIN flagged USING (snapshot_id)
GROUP BY content
HAVING bool_or(flagged.snapshot_id IS NOT NULL)
