-- The columns of exported readings in CSV, GeoJSON and Parquet. A row is a reading with its time,
-- station and quality.
-- - snapshot_id: the snapshot
-- - observed_on: day of observation (KST); null if it is unknown, or if the printed date is false
-- - printed_on: date of the list (KST), printed or captured; null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: how the hour is known: feed, official; null if unknown
-- - clock_at: hour of observation, else when a page with the snapshot was first captured on that
--   day; null if neither is known
-- - clock_source: what clock_at is: feed or official (hour of observation), capture; null if unknown
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul: the present one, or the last one of a closed station
-- - name_en: the station's name in Latin letters; null if the station is closed
-- - region_id: the forecast region, numbered from north to south; null if the station is closed
-- - latitude: where the station stood on that day, WGS 84 [° N]
-- - longitude: where the station stood on that day, WGS 84 [° E]
-- - elevation_m: the station's height above sea level on that day [m]
-- - temperature_c: air temperature, one decimal; null if not printed [°C]
-- - condition: code of the weather; null if not observed or not printed
-- - condition_raw: the weather as printed; null if not printed
-- - station_source: how the station is known: name (printed), order (position in the feed's order),
--   feed (the feed's id)
-- - flag: QARTOD: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing
-- - failed: names of the quality checks that the reading did not pass
WITH last_names AS (
    SELECT station_id, arg_max(name_ko, valid_from) AS name_ko
    FROM station_history
    GROUP BY station_id
),
positions AS (
    -- The first known position also holds before its period, the last one after it.
    SELECT
        station_id,
        CASE WHEN lag(valid_from) OVER station IS NOT NULL THEN valid_from ELSE '-infinity' END
            AS valid_from_day,
        coalesce(lead(valid_from) OVER station, 'infinity') AS valid_to_day,
        latitude,
        longitude,
        elevation_m
    FROM station_history
    WINDOW station AS (PARTITION BY station_id ORDER BY valid_from)
)
SELECT
    snapshot_id,
    observed_on,
    printed_on,
    observed_at,
    hour_source,
    clock_at,
    clock_source,
    readings_with_exclusion.station_id,
    coalesce(readings_with_exclusion.name_ko, last_names.name_ko) AS name_ko,
    name_en,
    region_id,
    latitude,
    longitude,
    elevation_m,
    temperature_c,
    condition,
    condition_raw,
    station_source,
    flag,
    failed
FROM readings_with_exclusion
LEFT JOIN last_names ON last_names.station_id = readings_with_exclusion.station_id
LEFT JOIN positions
    ON positions.station_id = readings_with_exclusion.station_id
    AND coalesce(observed_on, DATE '9999-12-31') >= valid_from_day
    AND coalesce(observed_on, DATE '9999-12-31') < valid_to_day
WHERE excluded_for IS NULL
