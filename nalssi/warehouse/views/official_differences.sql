-- A row is a usable reading whose hour is known, with the official observation (KMA's ASOS) of that
-- station and hour. If `hour_source` is `official`, the hour was found by these observations, so small
-- differences are no evidence; if it is `feed`, they are. A reading of the feed is not compared with an
-- observation that is from the feed too.
-- - observed_on: day (KST)
-- - observed_at: hour of observation
-- - hour_source: source of the hour: feed or official
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - temperature_c: air temperature that the list prints [°C]
-- - official_c: the official observation [°C]
-- - difference_c: `temperature_c` minus `official_c` [°C]
-- - source: source of the official observation: portal, apihub or feed
-- - snapshot_id: the snapshot
SELECT
    observed_on,
    observed_at,
    hour_source,
    station_id,
    name_ko,
    name_en,
    region_id,
    usable_readings.temperature_c,
    observations.temperature_c AS official_c,
    round(usable_readings.temperature_c - observations.temperature_c, 1) AS difference_c,
    source,
    snapshot_id
FROM usable_readings JOIN observations USING (station_id, observed_at)
WHERE NOT (hour_source = 'feed' AND source = 'feed')
