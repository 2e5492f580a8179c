-- A row is a station on a day that was seen, and a kind of day that KMA counts: `heat_wave` (폭염일,
-- highest temperature at least 33 °C), `tropical_night` (열대야, view `nights`), `cold_wave` (한파일,
-- lowest at most -12 °C), `frost` (서리일, lowest below 0 °C) or `ice` (결빙일, highest below 0 °C).
-- The hours nobody saw can be warmer or colder. So a few lists prove that a day is of a kind, or that
-- it is not, but not both. Only representative days always have an answer.
-- - kind: heat_wave, tropical_night, cold_wave, frost or ice
-- - observed_on: day (KST); for a tropical night, the day on which it begins
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - holds: whether the day is of that kind; null if the lists seen prove neither
-- - temperature_c: the lowest or highest temperature seen, which decides [°C]
-- - hours: distinct hours that are known or captured, of the day or night [hours]
-- - representative: whether there are 80 % of the hours
WITH days AS (
    SELECT
        *,
        CASE WHEN kind IN ('heat_wave', 'ice') THEN max_c ELSE min_c END AS temperature_c,
        CASE kind
            WHEN 'heat_wave' THEN max_c >= 33
            WHEN 'cold_wave' THEN min_c <= -12
            WHEN 'frost' THEN min_c < 0
            WHEN 'ice' THEN max_c < 0
        END AS so_far,
        -- More hours can only raise the highest and lower the lowest temperature.
        representative OR so_far = (kind <> 'ice') AS proved
    FROM daily_stations, (VALUES ('heat_wave'), ('cold_wave'), ('frost'), ('ice')) AS kinds (kind)
)
SELECT
    kind,
    observed_on,
    station_id,
    name_ko,
    name_en,
    region_id,
    CASE WHEN proved THEN so_far END AS holds,
    temperature_c,
    hours,
    representative
FROM days
UNION ALL
SELECT
    'tropical_night',
    night_of,
    station_id,
    name_ko,
    name_en,
    region_id,
    tropical,
    min_c,
    hours,
    representative
FROM nights
