-- A row is a station in a month, compared with the same month of the year before on equal days: only
-- days of the month that are representative in both years count. 29 February has no equal day.
-- - month: first day of the month (KST)
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - mean_c: mean of the equal days, two decimals; null if there is none [°C]
-- - before_c: mean of the equal days a year before, two decimals; null if there is none [°C]
-- - change_c: `mean_c` minus `before_c` [°C]
-- - equal_days: days that are representative in both years [days]
-- - days: days of this year's month with a usable reading [days]
-- - days_before: days of the month with a usable reading, a year before [days]
WITH both_years AS (
    SELECT observed_on AS day_of_year, false AS is_before, * FROM daily_stations
    UNION ALL
    -- 28 and 29 February both become 28 February of the next year, so the 29th is left out.
    SELECT (observed_on + INTERVAL '1 year')::DATE, true, *
    FROM daily_stations
    WHERE NOT (month(observed_on) = 2 AND day(observed_on) = 29)
),
pairs AS (
    SELECT
        day_of_year,
        station_id,
        name_ko,
        name_en,
        region_id,
        -- In hundredths. A day of a station is in each of the two years at most once.
        max(round(mean_c * 100)::INTEGER) FILTER (NOT is_before) AS mean,
        max(round(mean_c * 100)::INTEGER) FILTER (is_before) AS before,
        count(*) FILTER (representative) = 2 AS is_equal
    FROM both_years
    GROUP BY ALL
)
SELECT
    date_trunc('month', day_of_year)::DATE AS month,
    station_id,
    name_ko,
    name_en,
    region_id,
    round(avg(mean) FILTER (is_equal)) / 100 AS mean_c,
    round(avg(before) FILTER (is_equal)) / 100 AS before_c,
    round(avg(mean - before) FILTER (is_equal)) / 100 AS change_c,
    count(*) FILTER (is_equal) AS equal_days,
    count(mean) AS days,
    count(before) AS days_before
FROM pairs
GROUP BY month, station_id, name_ko, name_en, region_id
HAVING count(mean) > 0 AND count(before) > 0
