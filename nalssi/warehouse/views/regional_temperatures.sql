-- A row is a snapshot in one forecast region, of whose stations it lists at least one: the mean and
-- span over the readings that can be used (flags 1 and 2), and how many there are. A station that
-- has closed since belongs to no region.
-- - snapshot_id: the snapshot
-- - observed_on: day (KST); null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: how the hour is known: feed, reconciled; null if it is not
-- - region_id: the region, numbered from north to south
-- - region_ko: the region's name in Hangul
-- - region_en: the region's name in Latin letters
-- - mean_c: mean over the stations used, in hundredths; null if none can be used [°C]
-- - min_c: lowest of them [°C]
-- - max_c: highest of them [°C]
-- - stations_used: stations listed whose reading can be used [stations]
-- - stations_left_out: stations listed whose reading is missing, suspect or wrong [stations]
-- - share_of_stations: stations used as a share of all the region's stations, from 0 to 1
WITH listed AS (
    SELECT
        snapshot_id,
        observed_on,
        observed_at,
        hour_source,
        region_id,
        CASE WHEN is_usable(temperature_c, station_id, unusable) THEN temperature_c END AS temperature_c
    FROM readings
    JOIN conclusions USING (snapshot_id)
    JOIN stations USING (station_id)
),
summary AS (
    -- By the time too, so that asking for a month reads a month.
    SELECT
        snapshot_id,
        observed_on,
        observed_at,
        hour_source,
        region_id,
        -- Whole hundredths are averaged and rounded before they are divided: a sum of doubles
        -- depends on the order in which threads add, and round(x, 2) on the binary digits of x.
        round(avg(round(temperature_c * 10)::INTEGER * 10)) / 100 AS mean_c,
        min(temperature_c) AS min_c,
        max(temperature_c) AS max_c,
        count(temperature_c) AS stations_used,
        count(*) - count(temperature_c) AS stations_left_out
    FROM listed
    GROUP BY snapshot_id, observed_on, observed_at, hour_source, region_id
),
places AS (
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
JOIN places USING (region_id)
