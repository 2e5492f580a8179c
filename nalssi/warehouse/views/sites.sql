-- A row is a site: how many pages, snapshots and rejects it has. All readings count, usable or not.
-- - site: host, without `www.`; null for documents without a known site
-- - pages: documents with a ticker [documents]
-- - snapshots: distinct snapshots [snapshots]
-- - rejects: rejected lines [lines]
-- - first_on: first printed date of its snapshots (KST), true or false; null if none has a date
-- - last_on: last printed date of its snapshots (KST), true or false; null if none has a date
-- - last_captured_at: time of the last capture; null if unknown
WITH pages AS (
    SELECT site, count(*) AS pages, max(captured_at) AS last_captured_at FROM documents GROUP BY ALL
),
site_snapshots AS (
    SELECT
        site,
        count(DISTINCT snapshot_id) AS snapshots,
        min(observed_on) AS first_on,
        max(observed_on) AS last_on
    FROM documents JOIN sightings USING (document_id) JOIN snapshots USING (snapshot_id)
    GROUP BY ALL
),
site_rejects AS (
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
LEFT JOIN site_snapshots ON site_snapshots.site IS NOT DISTINCT FROM pages.site
LEFT JOIN site_rejects ON site_rejects.site IS NOT DISTINCT FROM pages.site
