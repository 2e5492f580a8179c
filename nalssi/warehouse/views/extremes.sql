-- A row is one of the ten most extreme station days of a year, of one kind: hottest (highest
-- reading), coldest (lowest), largest_change (of a station's daily mean from one day to the next).
-- - year: year (KST)
-- - kind: hottest, coldest or largest_change
-- - place: 1 is the most extreme; equal ones by day, then station
-- - observed_on: day (KST); of a change, the second of the two
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: the forecast region it lies in, from north to south
-- - temperature_c: the reading; of a change, the mean of the second day [°C]
-- - change_c: of a change, how much warmer than the day before; null otherwise [°C]
WITH listed AS (
    SELECT year(observed_on) AS year, observed_on, station_id, temperature_c FROM usable_readings
    UNION ALL
    -- The last day of the year before, for the first to be compared with. Asked for one year, this
    -- reads the rows of that year and of this day.
    SELECT year(observed_on) + 1, observed_on, station_id, temperature_c
    FROM usable_readings
    WHERE month(observed_on) = 12 AND day(observed_on) = 31
        AND station_id > 0 -- always; but DuckDB would read both parts as one, whole, without it
),
means AS (
    SELECT
        year,
        observed_on,
        station_id,
        max(temperature_c) AS max_c,
        min(temperature_c) AS min_c,
        round(avg(round(temperature_c * 10)::INTEGER) / 10, 2) AS mean_c
    FROM listed
    WHERE observed_on IS NOT NULL
    GROUP BY year, observed_on, station_id
),
days AS (
    SELECT
        *,
        CASE
            WHEN lag(observed_on) OVER of_station = observed_on - 1
                THEN round(mean_c - lag(mean_c) OVER of_station, 2)
        END AS change_c
    FROM means
    WINDOW of_station AS (PARTITION BY year, station_id ORDER BY observed_on)
),
candidates AS (
    -- A join, not an unnest, through which no filter passes.
    SELECT
        days.*,
        kind,
        CASE kind WHEN 'hottest' THEN max_c WHEN 'coldest' THEN -min_c ELSE abs(change_c) END
            AS extremity
    FROM days CROSS JOIN (VALUES ('hottest'), ('coldest'), ('largest_change')) AS kinds (kind)
),
ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY year, kind ORDER BY extremity DESC, observed_on, station_id
        ) AS place
    FROM candidates
    WHERE extremity IS NOT NULL AND year(observed_on) = year
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
    CASE kind WHEN 'hottest' THEN max_c WHEN 'coldest' THEN min_c ELSE mean_c END AS temperature_c,
    CASE kind WHEN 'largest_change' THEN change_c END AS change_c
FROM ranked JOIN stations USING (station_id)
