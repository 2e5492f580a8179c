-- Until version 3, repeated lists were not stored.
CREATE TEMP VIEW repeated_lists AS
SELECT
    NULL::VARCHAR AS snapshot_id,
    NULL::DATE AS first_on,
    NULL::DATE AS last_on,
    NULL::DATE AS existed_on
WHERE false;
