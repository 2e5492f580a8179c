-- A row is a station in a month. Each day with a usable reading counts once, with its mean. Compare
-- months only if they are representative: the mean of a few days says little about a month.
-- - month: first day of the month (KST)
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - mean_c: mean of the days' means, two decimals; of the lists seen, if the month is not
--   representative [°C]
-- - min_c: lowest of the distinct observations [°C]
-- - max_c: highest of the distinct observations [°C]
-- - days: days with a usable reading [days]
-- - lists: distinct observations [observations]
-- - representative_days: days with 80 % of the hours [days]
-- - representative: whether these are 80 % of the days of the month
SELECT
    date_trunc('month', observed_on)::DATE AS month,
    station_id,
    name_ko,
    name_en,
    region_id,
    mean_hundredths(mean_c) AS mean_c,
    min(min_c) AS min_c,
    max(max_c) AS max_c,
    count(*) AS days,
    sum(lists)::BIGINT AS lists,
    count(*) FILTER (representative) AS representative_days,
    is_representative(representative_days, day(last_day(month))) AS representative
FROM daily_stations
GROUP BY month, station_id, name_ko, name_en, region_id
