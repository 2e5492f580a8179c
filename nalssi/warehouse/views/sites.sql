-- A row is a site: what was met there and what was refused. Not restricted to usable readings.
-- - site: host, without `www.`; null for documents that do not tell theirs
-- - pages: documents with a ticker [documents]
-- - snapshots: distinct lists [snapshots]
-- - rejects: lines refused [lines]
-- - first_on: first date of its lists (KST); null if none is dated
-- - last_on: last date of its lists (KST)
-- - last_captured_at: last capture; null if unknown
WITH pages AS (
    SELECT site, count(*) AS pages, max(captured_at) AS last_captured_at FROM documents GROUP BY ALL
),
lists AS (
    SELECT
        site,
        count(DISTINCT snapshot_id) AS snapshots,
        min(observed_on) AS first_on,
        max(observed_on) AS last_on
    FROM documents JOIN sightings USING (document_id) JOIN snapshots USING (snapshot_id)
    GROUP BY ALL
),
refused AS (
    SELECT site, count(*) AS rejects FROM documents JOIN rejects USING (document_id) GROUP BY ALL
)
SELECT
    pages.site,
    pages,
    coalesce(snapshots, 0) AS snapshots,
    coalesce(rejects, 0) AS rejects,
    first_on,
    last_on,
    last_captured_at
FROM pages
LEFT JOIN lists ON lists.site IS NOT DISTINCT FROM pages.site
LEFT JOIN refused ON refused.site IS NOT DISTINCT FROM pages.site
