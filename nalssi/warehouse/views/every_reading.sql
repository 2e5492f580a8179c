-- A row is a reading, usable or not, with everything that is known of it: station, place, quality,
-- time, and the page of its first capture. A snapshot that several pages print has its readings
-- once.
-- - observed_on: day (KST); null if unknown
-- - observed_at: hour of observation (UTC in files, KST on screen); null if unknown
-- - kst_hour: hour of the day of `observed_at` in Korea, from 0 to 23; null if unknown
-- - hour_source: source of the hour: feed or official; null if the hour is unknown
-- - clock_at: hour of observation, or else the first capture if it was on that day; null otherwise
-- - clock_source: source of `clock_at`: feed, official or capture; null if it is null
-- - printed_on: date that is printed at the list (KST); null if none is
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul; the last one, if the station is closed
-- - name_en: the station's name in Latin letters; null if the station is closed
-- - region_id: number of the station's forecast region; null if the station is closed
-- - region_ko: the region's name in Hangul
-- - region_en: the region's name in Latin letters
-- - province: the province or city of the station; null if the station is closed
-- - latitude: north, WGS 84 [°]
-- - longitude: east, WGS 84 [°]
-- - elevation_m: height above sea level [m]
-- - condition: code of the weather; null if not observed or not printed
-- - condition_ko: the weather as it is printed; null if it is not
-- - temperature_c: air temperature; null if it is not printed [°C]
-- - flag: quality: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing
-- - failed: names of the failed quality tests; empty if there are none
-- - usable: whether views, charts and exports use the reading
-- - snapshot_id: the snapshot
-- - observation_id: the observation: the snapshot as which lists of one hour count
-- - pages: documents that print the snapshot [documents]
-- - site: host of the page of the first capture, without `www.`; null if unknown
-- - uri: address or path of that page
-- - captured_at: when that page was captured; null if unknown
WITH last_station AS (
    SELECT
        station_id,
        arg_max(name_ko, valid_from) AS name_ko,
        arg_max(latitude, valid_from) AS latitude,
        arg_max(longitude, valid_from) AS longitude,
        arg_max(elevation_m, valid_from) AS elevation_m
    FROM station_history
    GROUP BY station_id
)
SELECT
    day AS observed_on,
    conclusions.observed_at,
    ((hour_number(conclusions.observed_at) + 9) % 24)::TINYINT AS kst_hour,
    hour_source,
    clock_at,
    clock_source,
    snapshots.observed_on AS printed_on,
    station_id,
    coalesce(stations.name_ko, last_station.name_ko) AS name_ko,
    stations.name_en,
    region_id,
    regions.name_ko AS region_ko,
    regions.name_en AS region_en,
    province,
    coalesce(stations.latitude, last_station.latitude) AS latitude,
    coalesce(stations.longitude, last_station.longitude) AS longitude,
    coalesce(stations.elevation_m, last_station.elevation_m) AS elevation_m,
    condition,
    condition_raw AS condition_ko,
    temperature_c,
    coalesce(flag, 1)::TINYINT AS flag,
    coalesce(failed, []) AS failed,
    stations.station_id IS NOT NULL AND is_usable(temperature_c, station_id, unusable) AS usable,
    snapshot_id,
    counts_as AS observation_id,
    pages,
    site,
    uri,
    captured_at
FROM readings
JOIN conclusions USING (snapshot_id)
JOIN snapshots USING (snapshot_id)
LEFT JOIN documents ON document_id = first_document_id
LEFT JOIN stations USING (station_id)
LEFT JOIN last_station USING (station_id)
LEFT JOIN regions USING (region_id)
LEFT JOIN quality USING (snapshot_id, station_id)
