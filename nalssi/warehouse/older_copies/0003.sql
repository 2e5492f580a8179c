-- Version 3 had conclusions without intervals and clocks, and no repeated lists.
CREATE TEMP VIEW conclusions AS
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
    usable,
    unusable
FROM nalssi.main.conclusions;

CREATE TEMP VIEW repeated_lists AS
SELECT
    NULL::VARCHAR AS snapshot_id,
    NULL::DATE AS first_on,
    NULL::DATE AS last_on,
    NULL::DATE AS existed_on
WHERE false;
