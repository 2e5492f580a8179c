-- A row is a reading with all that is known about its time, place and quality.
-- - snapshot_id: the snapshot
-- - observed_on: day (KST); null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: how the hour is known: feed, reconciled; null if it is not
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul: its present one, or its last
-- - name_en: the station's name in Latin letters; null if it has closed
-- - region_id: the forecast region it lies in, from north to south; null if it has closed
-- - latitude: where the station stood on that day, WGS 84 [° N]
-- - longitude: where the station stood on that day, WGS 84 [° E]
-- - elevation_m: its height above sea level on that day [m]
-- - temperature_c: air temperature, one decimal; null if not printed [°C]
-- - condition: code of the weather; null if not observed or not printed
-- - condition_raw: the weather as printed; null if not printed
-- - station_source: how the station is known: printed name, place in feed order, or the feed's id
-- - flag: QARTOD: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing
-- - failed: names of the quality tests that did not pass
WITH last_names AS (
    SELECT station_id, arg_max(name_ko, valid_from) AS name_ko
    FROM station_history
    GROUP BY station_id
),
places AS (
    -- A station stood at its first place before that period, and at its last one after it.
    SELECT
        station_id,
        CASE WHEN lag(valid_from) OVER station IS NOT NULL THEN valid_from ELSE '-infinity' END
            AS stood_from,
        coalesce(lead(valid_from) OVER station, 'infinity') AS stood_to,
        latitude,
        longitude,
        elevation_m
    FROM station_history
    WINDOW station AS (PARTITION BY station_id ORDER BY valid_from)
)
SELECT
    snapshot_id,
    observed_on,
    observed_at,
    hour_source,
    weighed.station_id,
    coalesce(weighed.name_ko, last_names.name_ko) AS name_ko,
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
FROM weighed
LEFT JOIN last_names ON last_names.station_id = weighed.station_id
LEFT JOIN places
    ON places.station_id = weighed.station_id
    AND coalesce(observed_on, DATE '9999-12-31') >= stood_from
    AND coalesce(observed_on, DATE '9999-12-31') < stood_to
WHERE left_out IS NULL
