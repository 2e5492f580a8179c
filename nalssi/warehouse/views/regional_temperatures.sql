-- A row is a snapshot in one forecast region, if it lists a station of that region: mean, lowest
-- and highest of the usable readings, and how many there are. A closed station belongs to no
-- region.
-- - snapshot_id: the snapshot
-- - observed_on: day (KST); null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: source of the hour: feed or official; null if the hour is unknown
-- - clock_at: the hour if it is known, else the first capture if it is on that day; null otherwise
-- - clock_source: source of clock_at: feed, official or capture; null if it is unknown
-- - region_id: number of the region, from north to south
-- - region_ko: the region's name in Hangul
-- - region_en: the region's name in Latin letters
-- - mean_c: mean of the usable readings, two decimals; null if none is usable [°C]
-- - min_c: lowest usable reading [°C]
-- - max_c: highest usable reading [°C]
-- - stations_used: listed stations with a usable reading [stations]
-- - stations_left_out: listed stations whose reading is excluded [stations]
-- - share_of_stations: stations used as a share of all the region's stations, from 0 to 1
WITH listed AS (
    SELECT
        snapshot_id,
        day AS observed_on,
        observed_at,
        hour_source,
        clock_at,
        clock_source,
        region_id,
        CASE WHEN is_usable(temperature_c, station_id, unusable) THEN temperature_c END AS temperature_c
    FROM readings
    JOIN conclusions USING (snapshot_id)
    JOIN stations USING (station_id)
),
summary AS (
    -- Grouped by day too, so that a query for a month reads only that month.
    SELECT
        snapshot_id,
        observed_on,
        observed_at,
        hour_source,
        clock_at,
        clock_source,
        region_id,
        mean_hundredths(temperature_c) AS mean_c,
        min(temperature_c) AS min_c,
        max(temperature_c) AS max_c,
        count(temperature_c) AS stations_used,
        count(*) - count(temperature_c) AS stations_left_out
    FROM listed
    GROUP BY
        snapshot_id, observed_on, observed_at, hour_source, clock_at, clock_source, region_id
),
region_sizes AS (
    SELECT
        region_id,
        regions.name_ko AS region_ko,
        regions.name_en AS region_en,
        count(*) AS stations
    FROM regions JOIN stations USING (region_id)
    GROUP BY ALL
)
SELECT
    snapshot_id,
    observed_on,
    observed_at,
    hour_source,
    clock_at,
    clock_source,
    region_id,
    region_ko,
    region_en,
    mean_c,
    min_c,
    max_c,
    stations_used,
    stations_left_out,
    round(stations_used / stations, 2) AS share_of_stations
FROM summary
JOIN region_sizes USING (region_id)
