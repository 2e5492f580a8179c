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
WITH candidates AS (
    SELECT *, 'hottest' AS kind, max_c AS temperature_c, NULL AS change_c, max_c AS extremity
    FROM daily_stations
    UNION ALL
    SELECT *, 'coldest', min_c, NULL, -min_c
    FROM daily_stations
    UNION ALL
    SELECT
        today.*,
        'largest_change',
        today.mean_c,
        round(today.mean_c - yesterday.mean_c, 2),
        abs(today.mean_c - yesterday.mean_c)
    FROM daily_stations AS today
    JOIN daily_stations AS yesterday
        ON today.station_id = yesterday.station_id
        AND today.observed_on = yesterday.observed_on + 1
)
SELECT
    year(observed_on) AS year,
    kind,
    row_number() OVER (
        PARTITION BY year(observed_on), kind ORDER BY extremity DESC, observed_on, station_id
    ) AS place,
    observed_on,
    station_id,
    name_ko,
    name_en,
    region_id,
    temperature_c,
    change_c
FROM candidates
QUALIFY place <= 10
