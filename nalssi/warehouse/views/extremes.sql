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
WITH halves AS (
    -- A reading counts for its day, and for the next as of the day before: put together by a group,
    -- not by a join or a window, and with the year in it, so that asking for one year reads one.
    SELECT
        year(observed_on) AS year, observed_on, station_id, temperature_c, NULL AS before_c
    FROM usable_readings
    UNION ALL
    SELECT
        year(observed_on + 1), observed_on + 1, station_id, NULL, temperature_c
    FROM usable_readings
    WHERE station_id > 0 -- always; but DuckDB would read both halves as one, whole, without it
),
days AS (
    SELECT
        year,
        observed_on,
        station_id,
        max(temperature_c) AS max_c,
        min(temperature_c) AS min_c,
        round(avg(round(temperature_c * 10)::INTEGER) / 10, 2) AS mean_c,
        round(
            round(avg(round(temperature_c * 10)::INTEGER) / 10, 2)
                - round(avg(round(before_c * 10)::INTEGER) / 10, 2),
            2
        ) AS change_c
    FROM halves
    WHERE observed_on IS NOT NULL
    GROUP BY year, observed_on, station_id
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
    WHERE extremity IS NOT NULL
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
