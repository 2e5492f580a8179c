-- A row is a forecast region on a day. Each station with a usable reading counts once, with its
-- mean of the day.
-- - observed_on: day (KST)
-- - region_id: the region, numbered from north to south
-- - region_ko: the region's name in Hangul
-- - region_en: the region's name in Latin letters
-- - mean_c: mean of the stations' means, two decimals [°C]
-- - min_c: lowest reading [°C]
-- - max_c: highest reading [°C]
-- - stations: stations with a usable reading [stations]
-- - readings: usable readings [readings]
SELECT
    observed_on,
    region_id,
    regions.name_ko AS region_ko,
    regions.name_en AS region_en,
    -- Average whole hundredths, because they give the same result in any order of addition.
    round(avg(round(mean_c * 100)::INTEGER)) / 100 AS mean_c,
    min(min_c) AS min_c,
    max(max_c) AS max_c,
    count(*) AS stations,
    sum(readings)::BIGINT AS readings
FROM daily_stations JOIN regions USING (region_id)
GROUP BY ALL
