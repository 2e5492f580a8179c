-- A row is a forecast region on a day, with its place among the regions: 1 is the warmest. Regions of
-- one day rest on the same lists unless some lists have only some of the stations.
-- - observed_on: day (KST)
-- - place: place by `mean_c`; equal means share a place
-- - regions: regions with a usable reading on that day [regions]
-- - region_id: the region, numbered from north to south
-- - region_ko: the region's name in Hangul
-- - region_en: the region's name in Latin letters
-- - mean_c: mean of the stations' means, two decimals; of the lists seen, if the day is not
--   representative [°C]
-- - min_c: lowest of the distinct observations [°C]
-- - max_c: highest of the distinct observations [°C]
-- - stations: stations with a usable reading [stations]
-- - comparable: whether all regions of the day rest on equally many lists and the same hours
-- - representative: whether 80 % of the region's stations have 80 % of the hours
SELECT
    observed_on,
    rank() OVER (of_day ORDER BY mean_c DESC) AS place,
    count(*) OVER of_day AS regions,
    region_id,
    region_ko,
    region_en,
    mean_c,
    min_c,
    max_c,
    stations,
    min((lists, hours, first_at, last_at)) OVER of_day
    = max((lists, hours, first_at, last_at)) OVER of_day AS comparable,
    representative
FROM daily_regions
WINDOW of_day AS (PARTITION BY observed_on)
