-- A row is a forecast region in a month. Each day with a usable reading counts once, with its mean.
-- Compare months only if they are representative: the mean of a few days says little about a month.
-- - month: first day of the month (KST)
-- - region_id: the region, numbered from north to south
-- - region_ko: the region's name in Hangul
-- - region_en: the region's name in Latin letters
-- - mean_c: mean of the days' means, two decimals; of the lists seen, if the month is not
--   representative [°C]
-- - min_c: lowest of the distinct observations [°C]
-- - max_c: highest of the distinct observations [°C]
-- - days: days with a usable reading [days]
-- - readings: usable readings, in all lists [readings]
-- - lists: distinct observations per day (view `daily_regions`), added up [observations]
-- - hours: distinct hours per day (view `daily_regions`), added up [hours]
-- - first_at: first hour or capture of the observations; null if none is known
-- - last_at: last hour or capture of the observations; null if none is known
-- - representative_days: days that are representative (view `daily_regions`) [days]
-- - representative: whether these are 80 % of the days of the month
WITH summary AS (
    SELECT
        date_trunc('month', observed_on)::DATE AS month,
        region_id,
        region_ko,
        region_en,
        mean_hundredths(mean_c) AS mean_c,
        min(min_c) AS min_c,
        max(max_c) AS max_c,
        count(*) AS days,
        sum(readings)::BIGINT AS readings,
        sum(lists)::BIGINT AS lists,
        sum(hours)::BIGINT AS hours,
        min(first_at) AS first_at,
        max(last_at) AS last_at,
        count(*) FILTER (representative) AS representative_days
    FROM daily_regions
    GROUP BY ALL
)
SELECT
    *,
    is_representative(representative_days, day(last_day(month))) AS representative
FROM summary
