-- The statistics of regions by day. Every station counts once a day, with its mean. A day is
-- representative if it is so for 80 % of the region's stations that were open.
-- Parameters, each of which selects everything if it is null: since, until (days, KST), region
-- (number).
WITH station_days AS (
    SELECT
        region_id,
        station_id,
        observed_on,
        round(avg(round(temperature_c * 10)::INTEGER * 10))::INTEGER AS hundredths,
        min(temperature_c) AS low_c,
        max(temperature_c) AS high_c,
        count(*) AS lists,
        count(DISTINCT epoch(clock_at) // 3600) AS hours,
        min(clock_at) AS first_at,
        max(clock_at) AS last_at
    FROM usable_readings
    WHERE observed_on IS NOT NULL
        AND ($since IS NULL OR observed_on >= $since)
        AND ($until IS NULL OR observed_on <= $until)
        AND ($region IS NULL OR region_id = $region)
    GROUP BY ALL
),
days AS (
    SELECT
        region_id,
        observed_on,
        round(avg(hundredths)) / 100 AS mean_c,
        min(low_c) AS low_c,
        max(high_c) AS high_c,
        sum(lists)::BIGINT AS readings,
        max(hours) AS hours,
        max(lists) AS lists,
        min(first_at) AS first_at,
        max(last_at) AS last_at,
        count(*) FILTER (hours >= 20) AS representative_stations
    FROM station_days
    GROUP BY ALL
),
openings AS (
    SELECT region_id, list(opened_on) AS opened FROM stations GROUP BY region_id
)
SELECT
    days.* EXCLUDE (representative_stations),
    representative_stations >= 0.8 * len(list_filter(opened, lambda day: day <= observed_on))
        AS representative
FROM days JOIN openings USING (region_id)
ORDER BY region_id, observed_on
