-- Version 3 had conclusions without intervals and clocks. Each of its lists counts as itself.
CREATE TEMP VIEW conclusions AS
WITH shown AS (
    SELECT
        snapshot_id,
        count(DISTINCT document_id) AS pages,
        arg_min(document_id, (coalesce(captured_at, 'infinity'), document_id)) AS first_document_id
    FROM sightings JOIN documents USING (document_id)
    GROUP BY snapshot_id
)
SELECT
    snapshot_id,
    observed_on AS day,
    observed_at,
    replace(hour_source, 'reconciled', 'official') AS hour_source,
    observed_at AS not_before,
    observed_at AS not_after,
    observed_at AS clock_at,
    replace(hour_source, 'reconciled', 'official') AS clock_source,
    snapshot_id AS counts_as,
    observed_on AS counts_on,
    observed_at AS counts_at,
    replace(hour_source, 'reconciled', 'official') AS counts_source,
    1::SMALLINT AS lists,
    []::SMALLINT[] AS repeated,
    coalesce(pages, 0)::INTEGER AS pages,
    first_document_id,
    usable,
    unusable
FROM nalssi.main.conclusions LEFT JOIN shown USING (snapshot_id);
