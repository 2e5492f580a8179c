-- The distinct observations of stations on days that have at least two of them with different
-- clocks. An observation without a clock is not included.
-- Parameters, each of which selects everything if it is null: since, until (days, KST), region,
-- station (numbers).
WITH observed AS (
    SELECT * FROM hourly_stations
    WHERE clock_at IS NOT NULL
        AND ($since IS NULL OR observed_on >= $since)
        AND ($until IS NULL OR observed_on <= $until)
        AND ($region IS NULL OR region_id = $region)
        AND ($station IS NULL OR station_id = $station)
),
days AS (
    SELECT observed_on FROM observed GROUP BY observed_on HAVING count(DISTINCT clock_at) > 1
)
SELECT
    observed_on,
    region_id,
    station_id,
    observed.name_ko,
    observed.name_en,
    clock_at,
    clock_source,
    temperature_c
FROM observed SEMI JOIN days USING (observed_on) JOIN (SELECT station_id, latitude FROM stations) USING (station_id)
ORDER BY observed_on, region_id, latitude DESC, station_id, clock_at, observation_id
