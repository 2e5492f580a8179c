-- The lists that each source has printed, for captures that a load has processed.
-- `captured` is registered by source_health.py: one row per recent successful capture (`source,
-- got_at`), with the stored page that has its content (`digest, uri, stored_at`: the document's
-- address and capture time).
-- - source: name of the source
-- - newest_at: the newest capture that a load has processed
-- - stations: stations in its list; 0 if it holds no ticker [stations]
-- - usual_stations: median of the stations in the captures before; null if there are none
-- - same_since: the first capture since which all have shown that list (without a ticker, that page)
WITH looked_at AS (
    FROM captured WHERE stored_at <= (SELECT max(started_at) FROM loads)
),
lists AS (
    SELECT
        uri,
        captured_at AS stored_at,
        count(DISTINCT station_id) AS stations,
        list_sort(array_agg(DISTINCT (station_id, temperature_c)))::VARCHAR AS list
    FROM documents
    SEMI JOIN looked_at
        ON documents.uri = looked_at.uri AND documents.captured_at = looked_at.stored_at
    JOIN sightings USING (document_id)
    JOIN readings USING (snapshot_id)
    GROUP BY ALL
),
seen AS (
    SELECT source, got_at, coalesce(stations, 0) AS stations, coalesce(list, digest) AS shown
    FROM looked_at LEFT JOIN lists USING (uri, stored_at)
),
newest AS (
    SELECT
        source,
        max(got_at) AS newest_at,
        arg_max(stations, got_at) AS stations,
        arg_max(shown, got_at) AS shown
    FROM seen
    GROUP BY source
),
others AS (
    SELECT
        source,
        max(got_at) FILTER (seen.shown <> newest.shown) AS last_other_at,
        median(seen.stations) FILTER (got_at < newest_at) AS usual_stations
    FROM seen JOIN newest USING (source)
    GROUP BY source
)
SELECT
    source,
    newest_at,
    newest.stations,
    usual_stations,
    (
        SELECT min(got_at) FROM seen
        WHERE seen.source = newest.source AND (last_other_at IS NULL OR got_at > last_other_at)
    ) AS same_since
FROM newest JOIN others USING (source)
ORDER BY source
