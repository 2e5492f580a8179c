-- A row is a forecast region in a month. Each day with a usable reading counts once, with its mean.
-- Check `days` before comparing months: the mean of a few days says little about the month.
-- - month: first day of the month (KST)
-- - region_id: the region, numbered from north to south
-- - region_ko: the region's name in Hangul
-- - region_en: the region's name in Latin letters
-- - mean_c: mean of the days' means, two decimals [°C]
-- - min_c: lowest reading [°C]
-- - max_c: highest reading [°C]
-- - days: days with a usable reading [days]
-- - readings: usable readings [readings]
SELECT
    date_trunc('month', observed_on)::DATE AS month,
    region_id,
    region_ko,
    region_en,
    -- Average whole hundredths, because they give the same result in any order of addition.
    round(avg(round(mean_c * 100)::INTEGER)) / 100 AS mean_c,
    min(min_c) AS min_c,
    max(max_c) AS max_c,
    count(*) AS days,
    sum(readings)::BIGINT AS readings
FROM daily_regions
GROUP BY ALL
