-- A row is a forecast region in a month: each day that has a usable reading counts once, with its
-- mean. Compare months by `days` too: few days make a poor month.
-- - month: first day of the month (KST)
-- - region_id: the region, numbered from north to south
-- - region_ko: the region's name in Hangul
-- - region_en: the region's name in Latin letters
-- - mean_c: mean of the days' means, in hundredths [°C]
-- - min_c: lowest reading [°C]
-- - max_c: highest reading [°C]
-- - days: days with a usable reading [days]
-- - readings: usable readings [readings]
SELECT
    date_trunc('month', observed_on)::DATE AS month,
    region_id,
    region_ko,
    region_en,
    -- Whole hundredths are averaged and rounded before they are divided: a sum of doubles depends on
    -- the order in which threads add, and round(x, 2) on the binary digits of x.
    round(avg(round(mean_c * 100)::INTEGER)) / 100 AS mean_c,
    min(min_c) AS min_c,
    max(max_c) AS max_c,
    count(*) AS days,
    sum(readings)::BIGINT AS readings
FROM daily_regions
GROUP BY ALL
