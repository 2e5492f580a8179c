-- A row is a reading that can be used: flag 1 (good) or 2 (not evaluated), at an open station, with
-- its time and place. The other views stand on this one.
-- - snapshot_id: the snapshot
-- - observed_on: day (KST); null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: how the hour is known: feed, reconciled; null if it is not
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: the forecast region it lies in, from north to south
-- - condition: code of the weather; null if not observed or not printed
-- - temperature_c: air temperature [°C]
SELECT
    snapshot_id,
    observed_on,
    observed_at,
    hour_source,
    station_id,
    name_ko,
    name_en,
    region_id,
    condition,
    temperature_c
FROM readings
JOIN conclusions USING (snapshot_id)
JOIN stations USING (station_id)
WHERE is_usable(temperature_c, station_id, unusable)
