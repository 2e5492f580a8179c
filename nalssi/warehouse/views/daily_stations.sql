-- A row is a station on a day: mean and span over the usable readings (flags 1 and 2) of that day's
-- lists. The mean is over the hours at which somebody kept a page, not over the day.
-- - observed_on: day (KST)
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: the forecast region it lies in, from north to south
-- - readings: usable readings of that day [readings]
-- - mean_c: their mean, in hundredths [°C]
-- - min_c: the lowest [°C]
-- - max_c: the highest [°C]
SELECT
    observed_on,
    station_id,
    name_ko,
    name_en,
    region_id,
    count(*) AS readings,
    -- Whole hundredths are averaged and rounded before they are divided: a sum of doubles
    -- depends on the order in which threads add, and round(x, 2) on the binary digits of x.
    round(avg(round(temperature_c * 10)::INTEGER * 10)) / 100 AS mean_c,
    min(temperature_c) AS min_c,
    max(temperature_c) AS max_c
FROM usable_readings
WHERE observed_on IS NOT NULL
GROUP BY ALL
