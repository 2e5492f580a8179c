-- A row is a station on one of the ten most extreme days of a year, for each kind of extreme:
-- `hottest` (highest reading), `coldest` (lowest reading) or `largest_change` (of a station's daily
-- mean from one day to the next).
-- - year: year (KST)
-- - kind: hottest, coldest or largest_change
-- - place: rank, 1 is the most extreme; equal values are ranked by day, then station
-- - observed_on: day (KST); for a change, the second day
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - temperature_c: the reading; for a change, the mean of the second day [°C]
-- - change_c: for a change, the mean minus that of the day before; null otherwise [°C]
WITH spans AS (
    SELECT
        year(observed_on) AS year,
        observed_on,
        station_id,
        max(temperature_c) AS max_c,
        min(temperature_c) AS min_c
    FROM usable_readings
    WHERE observed_on IS NOT NULL
    GROUP BY year, observed_on, station_id
),
with_previous_day AS (
    -- Each year also has the last day before it, so that a query for one year reads only that year.
    SELECT year(observed_on) AS year, observed_on, station_id, temperature_c
    FROM usable_readings
    UNION ALL
    SELECT year(observed_on) + 1, observed_on, station_id, temperature_c
    FROM usable_readings
    WHERE month(observed_on) = 12 AND day(observed_on) = 31
),
means AS (
    SELECT
        year,
        observed_on,
        station_id,
        -- Average whole hundredths, because they give the same result in any order of addition.
        round(avg(round(temperature_c * 10)::INTEGER * 10)) / 100 AS mean_c
    FROM with_previous_day
    WHERE observed_on IS NOT NULL
    GROUP BY year, observed_on, station_id
),
changes AS (
    SELECT
        *,
        CASE
            WHEN lag(observed_on) OVER days = observed_on - 1
                THEN round(mean_c - lag(mean_c) OVER days, 2)
        END AS change_c
    FROM means
    WINDOW days AS (PARTITION BY year, station_id ORDER BY observed_on)
),
candidates AS (
    SELECT
        year, 'hottest' AS kind, observed_on, station_id, max_c AS temperature_c,
        NULL AS change_c, max_c AS extremity
    FROM spans
    UNION ALL
    SELECT year, 'coldest', observed_on, station_id, min_c, NULL, -min_c
    FROM spans
    UNION ALL
    SELECT year, 'largest_change', observed_on, station_id, mean_c, change_c, abs(change_c)
    FROM changes
    WHERE change_c IS NOT NULL AND year(observed_on) = year
),
ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY year, kind ORDER BY (-extremity, observed_on, station_id)
        ) AS place
    FROM candidates
    QUALIFY place <= 10
)
SELECT
    year,
    kind,
    place,
    observed_on,
    station_id,
    name_ko,
    name_en,
    region_id,
    temperature_c,
    change_c
FROM ranked JOIN stations USING (station_id)
