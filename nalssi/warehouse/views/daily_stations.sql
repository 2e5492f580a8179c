-- A row is a station on a day: mean, lowest and highest of its usable readings of that day. The
-- mean is over the hours of which there are pages; it is not a mean of 24 hours.
-- - observed_on: day (KST)
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - readings: usable readings of that day [readings]
-- - mean_c: mean of the readings, two decimals [°C]
-- - min_c: lowest reading [°C]
-- - max_c: highest reading [°C]
SELECT
    observed_on,
    station_id,
    name_ko,
    name_en,
    region_id,
    count(*) AS readings,
    -- Average whole hundredths, because they give the same result in any order of addition.
    round(avg(round(temperature_c * 10)::INTEGER * 10)) / 100 AS mean_c,
    min(temperature_c) AS min_c,
    max(temperature_c) AS max_c
FROM usable_readings
WHERE observed_on IS NOT NULL
GROUP BY ALL
