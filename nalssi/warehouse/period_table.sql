-- Temperatures by place and period, one value in a row. A day with a usable reading counts once.
-- - by: region or station
-- - of: day, month or year
-- - measure: mean, min, max or days
-- - since: first day, or null
-- - until: last day, or null
WITH days AS (
    SELECT
        region_id AS number,
        region_ko AS name_ko,
        region_en AS name_en,
        observed_on,
        mean_c,
        min_c,
        max_c,
        representative
    FROM daily_regions
    WHERE $by = 'region'
    UNION ALL
    SELECT station_id, name_ko, name_en, observed_on, mean_c, min_c, max_c, representative
    FROM daily_stations
    WHERE $by = 'station'
)
SELECT
    number,
    name_ko,
    name_en,
    date_trunc($of, observed_on)::DATE AS first_on,
    strftime(first_on, CASE $of WHEN 'day' THEN '%Y-%m-%d' WHEN 'month' THEN '%Y-%m' ELSE '%Y' END)
        AS period,
    CASE $measure
        -- Average whole hundredths, because they give the same result in any order of addition.
        WHEN 'mean' THEN round(avg(round(mean_c * 100)::INTEGER)) / 100
        WHEN 'min' THEN min(min_c)
        WHEN 'max' THEN max(max_c)
        ELSE count(*)
    END AS value,
    is_representative(
        count(*) FILTER (representative),
        CASE $of
            WHEN 'day' THEN 1
            WHEN 'month' THEN day(last_day(first_on))
            ELSE dayofyear(first_on + INTERVAL '1 year' - INTERVAL '1 day')
        END
    ) AS representative
FROM days
WHERE observed_on BETWEEN coalesce($since, '-infinity'::DATE) AND coalesce($until, 'infinity'::DATE)
GROUP BY number, name_ko, name_en, first_on
