-- A row is a station: its highest and lowest usable temperature of all days, and the days on which the
-- record rests. An hour that nobody saw can have been hotter or colder.
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - max_c: highest temperature [°C]
-- - max_on: first day with it (KST)
-- - min_c: lowest temperature [°C]
-- - min_on: first day with it (KST)
-- - first_on: first day with a usable reading (KST)
-- - last_on: last day with a usable reading (KST)
-- - days: days with a usable reading [days]
-- - representative_days: days with 80 % of the hours [days]
SELECT
    station_id,
    name_ko,
    name_en,
    region_id,
    max(max_c) AS max_c,
    arg_min(observed_on, (-daily_stations.max_c, observed_on)) AS max_on,
    min(min_c) AS min_c,
    arg_min(observed_on, (daily_stations.min_c, observed_on)) AS min_on,
    min(observed_on) AS first_on,
    max(observed_on) AS last_on,
    count(*) AS days,
    count(*) FILTER (representative) AS representative_days
FROM daily_stations
GROUP BY station_id, name_ko, name_en, region_id
