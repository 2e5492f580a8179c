-- A row is a station in a distinct observation. Lists of one hour are one observation: lists of the
-- same known hour, and lists of a day that agree at all common stations (at least five). An
-- observation has each station once, with a usable reading.
-- - observed_on: day (KST); null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: source of the hour: feed or official; null if the hour is unknown
-- - clock_at: hour of observation, or else the first capture if it was on that day; null otherwise
-- - clock_source: source of `clock_at`: feed, official or capture; null if it is null
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - condition: code of the weather; null if not observed or not printed
-- - temperature_c: air temperature; if lists of one known hour differ, that of the feed, or else of
--   the longest list [°C]
-- - lists: lists of the observation, all of the same hour [snapshots]
-- - observation_id: the observation: the snapshot as which its lists count
-- - snapshot_id: the snapshot that the reading is from
SELECT
    counts_on AS observed_on,
    CASE WHEN counts_source <> 'capture' THEN counts_at END AS observed_at,
    CASE WHEN counts_source <> 'capture' THEN counts_source END AS hour_source,
    counts_at AS clock_at,
    counts_source AS clock_source,
    station_id,
    name_ko,
    name_en,
    region_id,
    condition,
    temperature_c,
    lists,
    counts_as AS observation_id,
    snapshot_id
FROM readings
JOIN conclusions USING (snapshot_id)
JOIN stations USING (station_id)
WHERE is_usable(temperature_c, station_id, unusable) AND NOT list_contains(repeated, station_id)
