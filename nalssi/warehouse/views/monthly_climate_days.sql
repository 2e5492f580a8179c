-- A row is a station in a month that was seen, and a kind of day (view `climate_days`): how many days
-- are of the kind, and how many are unknown. The true number is between `days` and `days` + `unproved`
-- + `unseen`.
-- - kind: heat_wave, tropical_night, cold_wave, frost or ice
-- - month: first day of the month (KST)
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - days: days that are proved to be of the kind [days]
-- - other_days: days that are proved not to be of the kind [days]
-- - unproved: days that were seen, in too few hours to prove anything [days]
-- - unseen: days of the month that nobody saw [days]
-- - coverage: days with an answer as a share of the days of the month, from 0 to 1
SELECT
    kind,
    date_trunc('month', observed_on)::DATE AS month,
    station_id,
    name_ko,
    name_en,
    region_id,
    count(*) FILTER (holds) AS days,
    count(*) FILTER (NOT holds) AS other_days,
    count(*) FILTER (holds IS NULL) AS unproved,
    day(last_day(month)) - count(*) AS unseen,
    round((days + other_days) / day(last_day(month)), 2) AS coverage
FROM climate_days
GROUP BY kind, month, station_id, name_ko, name_en, region_id
