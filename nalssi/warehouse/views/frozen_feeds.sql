-- A row is a list (the same stations with the same temperatures) that the quality tests found frozen:
-- it stands under more than one date, or agrees with one that does.
-- - list: the id of the first snapshot that has the list
-- - station_count: stations in it [stations]
-- - first_on: first date it stands under (KST); null if it has none
-- - last_on: last date it stands under (KST); null if it has none
-- - dates: different dates it stands under [days]
-- - pages: documents it was sighted in [documents]
-- - sites: the sites, in alphabetical order
WITH frozen AS (
    SELECT DISTINCT snapshot_id FROM quality WHERE list_contains(failed, 'frozen_feed')
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
GROUP BY content
