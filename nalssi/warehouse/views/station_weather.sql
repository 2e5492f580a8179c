-- A row is a condition at a station: how many distinct observations have it, of all days.
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - condition: code of the weather; null if not observed or not printed
-- - lists: distinct observations with it [observations]
-- - share: these as a share of the station's observations, from 0 to 1
-- - mean_c: mean temperature of these observations, one decimal [°C]
SELECT
    station_id,
    name_ko,
    name_en,
    region_id,
    condition,
    count(*) AS lists,
    round(count(*) / sum(count(*)) OVER (PARTITION BY station_id), 4) AS share,
    round(avg(round(temperature_c * 10)::INTEGER)) / 10 AS mean_c
FROM hourly_stations
GROUP BY station_id, name_ko, name_en, region_id, condition
