-- A row is a usable reading: it has a temperature, its flag is 1 (good) or 2 (not evaluated), and its
-- station is open. This is the definition of usable (with `macros/is_usable.sql`); other views and
-- charts use it. If the date is proved false and the hour unknown, there is no day, so statistics of days
-- do not count the reading.
-- - snapshot_id: the snapshot
-- - observed_on: day (KST); null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: source of the hour: feed or official; null if the hour is unknown
-- - clock_at: the hour if it is known, else the first capture if it is on that day; null otherwise
-- - clock_source: source of clock_at: feed, official or capture; null if it is unknown
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - condition: code of the weather; null if not observed or not printed
-- - temperature_c: air temperature [°C]
SELECT
    snapshot_id,
    day AS observed_on,
    observed_at,
    hour_source,
    clock_at,
    clock_source,
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
