-- A row is a station in a night, from 18:01 to 09:00 (KST): lowest and highest of its distinct
-- observations whose hour or capture is known. KMA's tropical night (열대야) is a night in which the
-- temperature does not fall below 25 °C.
-- - night_of: day on which the night begins (KST)
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - min_c: lowest of the observations [°C]
-- - max_c: highest of the observations [°C]
-- - lists: distinct observations [observations]
-- - hours: distinct hours of the night, from 1 to 15 [hours]
-- - representative: whether there are 80 % of the hours, that is 12 of 15
-- - tropical: whether the night is a tropical night: false if a temperature is below 25 °C, true if
--   none is and the night is representative; null otherwise, because the hours nobody saw are unknown
WITH at_night AS (
    SELECT
        -- The night begins nine hours before midnight of a shifted day, so it is within one day.
        (clock_at AT TIME ZONE 'Asia/Seoul' - INTERVAL '9 hours 1 microsecond') AS shifted,
        *
    FROM hourly_stations
    WHERE clock_at IS NOT NULL
),
summary AS (
    SELECT
        shifted::DATE AS night_of,
        station_id,
        name_ko,
        name_en,
        region_id,
        min(temperature_c) AS min_c,
        max(temperature_c) AS max_c,
        count(*) AS lists,
        -- 18:01 to 19:00 is one hour, as 19:00 is that hour's observation.
        count(DISTINCT hour(shifted))::TINYINT AS hours
    FROM at_night
    WHERE hour(shifted) >= 9
    GROUP BY ALL
)
SELECT
    *,
    is_representative(hours, 15) AS representative,
    CASE WHEN min_c < 25 THEN false WHEN representative THEN true END AS tropical
FROM summary
