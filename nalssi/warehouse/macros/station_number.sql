-- The number of the station with this number, Korean name or English name (in any case). Use it in a
-- filter: `WHERE station_id = station_number('Seoul')`. An error if no open station has the name.
-- - wanted: number or name
(
    SELECT
        coalesce(
            any_value(station_id),
            error(concat('there is no open station ', wanted, ': `nalssi stations` lists them'))
        )
    FROM stations
    WHERE wanted::VARCHAR IN (station_id::VARCHAR, name_ko)
        OR lower(wanted::VARCHAR) = lower(name_en)
)
