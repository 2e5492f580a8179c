-- A row is an hour of the day at a station in a month: the typical course of a day. Only observations
-- with a known or captured hour count.
-- - month: first day of the month (KST)
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - kst_hour: hour of the day in Korea, from 0 to 23
-- - mean_c: mean of the observations, two decimals [°C]
-- - min_c: lowest of the observations [°C]
-- - max_c: highest of the observations [°C]
-- - days: days with an observation at that hour [days]
SELECT
    date_trunc('month', observed_on)::DATE AS month,
    station_id,
    name_ko,
    name_en,
    region_id,
    ((hour_number(clock_at) + 9) % 24)::TINYINT AS kst_hour,
    mean_hundredths(temperature_c) AS mean_c,
    min(temperature_c) AS min_c,
    max(temperature_c) AS max_c,
    count(DISTINCT observed_on) AS days
FROM hourly_stations
WHERE clock_at IS NOT NULL
GROUP BY month, station_id, name_ko, name_en, region_id, kst_hour
