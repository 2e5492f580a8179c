-- A row is a forecast region on a day. Each station with a usable reading counts once, with its
-- mean of the day. Compare days only if they are representative: on other days, there may be
-- other stations, or other hours.
-- - observed_on: day (KST)
-- - region_id: the region, numbered from north to south
-- - region_ko: the region's name in Hangul
-- - region_en: the region's name in Latin letters
-- - mean_c: mean of the stations' means, two decimals; of the lists seen, if the day is not
--   representative [°C]
-- - min_c: lowest of the distinct observations [°C]
-- - max_c: highest of the distinct observations [°C]
-- - stations: stations with a usable reading [stations]
-- - readings: usable readings, in all lists [readings]
-- - lists: distinct observations of the station that has the most [observations]
-- - hours: distinct hours of the station that has the most, from 0 to 24 [hours]
-- - first_at: first hour or capture of the observations; null if none is known
-- - last_at: last hour or capture of the observations; null if none is known
-- - representative_stations: stations with 80 % of the hours [stations]
-- - representative: whether these are 80 % of the region's stations that are open on that day
WITH region_openings AS (
    SELECT
        region_id,
        regions.name_ko AS region_ko,
        regions.name_en AS region_en,
        list(opened_on) AS openings
    FROM regions JOIN stations USING (region_id)
    GROUP BY ALL
),
summary AS (
    SELECT
        observed_on,
        region_id,
        mean_hundredths(mean_c) AS mean_c,
        min(min_c) AS min_c,
        max(max_c) AS max_c,
        count(*) AS stations,
        sum(readings)::BIGINT AS readings,
        max(lists) AS lists,
        max(hours) AS hours,
        min(first_at) AS first_at,
        max(last_at) AS last_at,
        count(*) FILTER (representative) AS representative_stations
    FROM daily_stations
    GROUP BY observed_on, region_id
)
SELECT
    observed_on,
    region_id,
    region_ko,
    region_en,
    mean_c,
    min_c,
    max_c,
    stations,
    readings,
    lists,
    hours,
    first_at,
    last_at,
    representative_stations,
    is_representative(
        representative_stations,
        -- The stations that are open: as many openings are before the next day.
        list_position(list_sort(list_append(openings, observed_on + 1)), observed_on + 1) - 1
    ) AS representative
FROM summary JOIN region_openings USING (region_id)
