-- A row is a condition at a station in a month: how many distinct observations have it.
-- - month: first day of the month (KST)
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - condition: code of the weather; null if not observed or not printed
-- - lists: distinct observations with it [observations]
-- - share: these as a share of the station's observations in the month, from 0 to 1
-- - mean_c: mean temperature of these observations, one decimal [°C]
SELECT
    date_trunc('month', observed_on)::DATE AS month,
    station_id,
    name_ko,
    name_en,
    region_id,
    condition,
    count(*) AS lists,
    round(count(*) / sum(count(*)) OVER (PARTITION BY month, station_id), 4) AS share,
    round(avg(round(temperature_c * 10)::INTEGER)) / 10 AS mean_c
FROM hourly_stations
WHERE observed_on IS NOT NULL
GROUP BY month, station_id, name_ko, name_en, region_id, condition
