-- The statistics of stations by day. A day is representative if 80 % of its hours are known or
-- captured: 20 of 24.
-- Parameters, each of which selects everything if it is null: since, until (days, KST), region,
-- station (numbers).
WITH days AS (
    SELECT
        region_id,
        station_id,
        name_ko,
        name_en,
        observed_on,
        -- Average whole hundredths, because they give the same result in any order of addition.
        round(avg(round(temperature_c * 10)::INTEGER * 10)) / 100 AS mean_c,
        min(temperature_c) AS low_c,
        max(temperature_c) AS high_c,
        count(*) AS readings,
        count(DISTINCT epoch(clock_at) // 3600) AS hours,
        count(*) AS lists,
        min(clock_at) AS first_at,
        max(clock_at) AS last_at
    FROM usable_readings
    WHERE observed_on IS NOT NULL
        AND ($since IS NULL OR observed_on >= $since)
        AND ($until IS NULL OR observed_on <= $until)
        AND ($region IS NULL OR region_id = $region)
        AND ($station IS NULL OR station_id = $station)
    GROUP BY ALL
)
SELECT days.*, hours >= 20 AS representative
FROM days JOIN (SELECT station_id, latitude FROM stations) USING (station_id)
ORDER BY region_id, latitude DESC, station_id, observed_on
