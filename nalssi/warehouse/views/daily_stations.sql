-- A row is a station on a day: mean, lowest and highest of its distinct observations. If the day is
-- not representative, they are those of the lists seen, not of the day: lists that were seen only
-- at noon give the temperature at noon.
-- - observed_on: day (KST)
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - readings: usable readings of that day, in all lists [readings]
-- - mean_c: mean of the distinct observations, two decimals [°C]
-- - min_c: lowest of the distinct observations [°C]
-- - max_c: highest of the distinct observations [°C]
-- - lists: distinct observations: lists of one hour count once [observations]
-- - hours: distinct hours of the day that are known, or else captured, from 0 to 24 [hours]
-- - first_at: first hour or capture of the observations; null if none is known
-- - last_at: last hour or capture of the observations; null if none is known
-- - representative: whether there are 80 % of the hours, that is 20 of 24
WITH counted AS (
    SELECT
        counts_on AS observed_on,
        station_id,
        name_ko,
        name_en,
        region_id,
        counts_at,
        hour_bit(counts_at) AS hour,
        CASE WHEN NOT list_contains(repeated, station_id) THEN temperature_c END AS temperature_c
    FROM readings
    JOIN conclusions USING (snapshot_id)
    JOIN stations USING (station_id)
    WHERE is_usable(temperature_c, station_id, unusable) AND counts_on IS NOT NULL
),
summary AS (
    SELECT
        observed_on,
        station_id,
        name_ko,
        name_en,
        region_id,
        count(*) AS readings,
        mean_hundredths(temperature_c) AS mean_c,
        min(temperature_c) AS min_c,
        max(temperature_c) AS max_c,
        count(temperature_c) AS lists,
        coalesce(bit_count(bit_or(hour)), 0)::TINYINT AS hours,
        min(counts_at) AS first_at,
        max(counts_at) AS last_at
    FROM counted
    GROUP BY observed_on, station_id, name_ko, name_en, region_id
)
SELECT
    *,
    is_representative(hours, 24) AS representative
FROM summary
