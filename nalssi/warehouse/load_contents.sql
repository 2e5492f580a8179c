-- What a load read and added, for people (`load_contents.py` runs the steps). `$most` limits the
-- rows. `read` is a frame with the `document_id` of every document with a ticker that the load read.

-- step: new_lists
-- The lists that a load added: those that no earlier load has seen, newest first.
-- - day: day of observation (KST); null if unknown
-- - time: known hour or first capture of the day (KST), as text; null if unknown
-- - stations: stations in the list [stations]
-- - mean_c: mean of its temperatures [°C]; null if it has none
-- - site: host of one of the pages that show it, without `www.`; null if unknown
-- - pages: pages of this load that show it
WITH of_load AS (
    SELECT snapshot_id, min(site) AS site, count(DISTINCT document_id) AS pages
    FROM sightings JOIN documents USING (document_id)
    WHERE load_id = $load_id
    GROUP BY snapshot_id
),
new AS (
    SELECT
        snapshot_id,
        observed_on AS day,
        strftime(clock_at AT TIME ZONE 'Asia/Seoul', '%H:%M') AS time,
        station_count AS stations,
        site,
        pages
    FROM of_load JOIN timed_snapshots USING (snapshot_id)
    WHERE snapshot_id NOT IN (SELECT snapshot_id FROM sightings WHERE load_id <> $load_id)
    ORDER BY day DESC NULLS LAST, time DESC NULLS LAST, snapshot_id
    LIMIT $most
)
SELECT day, time, stations, round(avg(temperature_c), 1) AS mean_c, site, pages
FROM new LEFT JOIN readings USING (snapshot_id)
GROUP BY snapshot_id, day, time, stations, site, pages
ORDER BY day DESC NULLS LAST, time DESC NULLS LAST, snapshot_id;

-- step: rejected_lines
-- The rejected lines of the documents that the load read, by reason.
-- - reason: why the line was rejected
-- - text: the line, as printed
-- - line: its number in the document, from 1
-- - uri: address or path of the document
SELECT reason, text, line, uri
FROM rejects JOIN documents USING (document_id) SEMI JOIN read USING (document_id)
ORDER BY reason, uri, line
LIMIT $most;

-- step: sources
-- The sites of the documents that the load read, or the paths of documents without a site.
-- - source: host without `www.`, or path
-- - documents: documents with a ticker
-- - lists: lists in them
-- - rejected: rejected lines in them
WITH lists AS (
    SELECT document_id, count(*) AS lists
    FROM sightings SEMI JOIN read USING (document_id)
    GROUP BY document_id
),
rejected AS (
    SELECT document_id, count(*) AS rejected
    FROM rejects SEMI JOIN read USING (document_id)
    GROUP BY document_id
)
SELECT
    coalesce(site, uri) AS source,
    count(*) AS documents,
    coalesce(sum(lists), 0)::BIGINT AS lists,
    coalesce(sum(rejected), 0)::BIGINT AS rejected
FROM documents
SEMI JOIN read USING (document_id)
LEFT JOIN lists USING (document_id)
LEFT JOIN rejected USING (document_id)
GROUP BY source
ORDER BY documents DESC, source
LIMIT $most;
