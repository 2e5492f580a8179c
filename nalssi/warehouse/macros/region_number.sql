-- The number of the forecast region with this number, Korean name or English name (in any case). Use
-- it in a filter: `WHERE region_id = region_number('영동')`. An error if no region has the name.
-- - wanted: number or name
(
    SELECT
        coalesce(
            any_value(region_id),
            error(concat('there is no region ', wanted, ': `SELECT * FROM regions` lists them'))
        )
    FROM regions
    WHERE wanted::VARCHAR IN (region_id::VARCHAR, name_ko)
        OR lower(wanted::VARCHAR) = lower(name_en)
)
