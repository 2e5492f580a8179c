-- Versions 1 and 2 had no conclusions. Each list counts as itself.
CREATE TEMP VIEW conclusions AS
WITH excluded AS (
    SELECT snapshot_id, list(station_id ORDER BY station_id) AS unusable
    FROM quality
    WHERE flag NOT IN (1, 2) OR list_contains(failed, 'missing')
    GROUP BY snapshot_id
),
shown AS (
    SELECT
        snapshot_id,
        count(DISTINCT document_id) AS pages,
        arg_min(document_id, (coalesce(captured_at, 'infinity'), document_id)) AS first_document_id
    FROM sightings JOIN documents USING (document_id)
    GROUP BY snapshot_id
),
timed AS (
    SELECT
        snapshot_id,
        snapshots.observed_on AS printed_on,
        coalesce(snapshots.observed_at, reconciliations.observed_at) AS observed_at,
        CASE
            WHEN snapshots.observed_at IS NOT NULL THEN 'feed'
            WHEN reconciliations.observed_at IS NOT NULL THEN 'official'
        END AS hour_source,
        station_count,
        coalesce(unusable, []) AS unusable,
        pages,
        first_document_id
    FROM snapshots
    LEFT JOIN reconciliations USING (snapshot_id)
    LEFT JOIN excluded USING (snapshot_id)
    LEFT JOIN shown USING (snapshot_id)
)
SELECT
    snapshot_id,
    coalesce(
        DATE '1970-01-01' + ((epoch_us(observed_at) + 32_400_000_000) // 86_400_000_000)::INTEGER,
        printed_on
    ) AS day,
    observed_at,
    hour_source,
    observed_at AS not_before,
    observed_at AS not_after,
    observed_at AS clock_at,
    hour_source AS clock_source,
    snapshot_id AS counts_as,
    day AS counts_on,
    observed_at AS counts_at,
    hour_source AS counts_source,
    1::SMALLINT AS lists,
    []::SMALLINT[] AS repeated,
    coalesce(pages, 0)::INTEGER AS pages,
    first_document_id,
    (station_count - len(unusable))::SMALLINT AS usable,
    unusable
FROM timed;
