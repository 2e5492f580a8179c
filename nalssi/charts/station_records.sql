-- The lowest and the highest distinct observation of each station, with the first day on which it
-- was observed, its clock on that day (if there are several, a known hour is preferred to a capture,
-- and then the earliest one), and the number of days with that value. Observations without a day are
-- not included.
-- Parameters, each of which selects everything if it is null: since, until (days, KST), region,
-- station (numbers).
WITH observed AS (
    SELECT station_id, observed_on, clock_at, clock_source, temperature_c
    FROM hourly_stations
    WHERE observed_on IS NOT NULL
        AND ($since IS NULL OR observed_on >= $since)
        AND ($until IS NULL OR observed_on <= $until)
        AND ($region IS NULL OR region_id = $region)
        AND ($station IS NULL OR station_id = $station)
),
ends AS (
    SELECT
        station_id,
        min(temperature_c) AS low_c,
        max(temperature_c) AS high_c,
        count(*) AS observations,
        min(observed_on) AS first_on,
        max(observed_on) AS last_on
    FROM observed
    GROUP BY station_id
),
extremes AS (
    SELECT
        station_id,
        temperature_c,
        arg_min(
            {'day': observed_on, 'clock_at': clock_at, 'clock_source': clock_source},
            (observed_on, clock_at IS NULL, clock_source = 'capture', clock_at)
        ) AS first,
        count(DISTINCT observed_on) AS days
    FROM observed JOIN ends USING (station_id)
    WHERE temperature_c IN (low_c, high_c)
    GROUP BY station_id, temperature_c
)
SELECT
    region_id,
    station_id,
    stations.name_ko,
    stations.name_en,
    observations,
    first_on,
    last_on,
    low_c,
    low.first.day AS low_on,
    low.first.clock_at AS low_at,
    low.first.clock_source AS low_source,
    low.days AS low_days,
    high_c,
    high.first.day AS high_on,
    high.first.clock_at AS high_at,
    high.first.clock_source AS high_source,
    high.days AS high_days
FROM ends
JOIN stations USING (station_id)
JOIN extremes AS low ON low.station_id = ends.station_id AND low.temperature_c = low_c
JOIN extremes AS high ON high.station_id = ends.station_id AND high.temperature_c = high_c
ORDER BY region_id, latitude DESC, station_id
