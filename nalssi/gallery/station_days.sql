-- Usable readings of each station by day. The means add whole tenths of a degree: a sum of doubles
-- depends on the order in which threads finish, and pages would be written again.
SELECT
    observed_on, region_id, station_id, name_ko, name_en,
    round(sum(round(temperature_c * 10)::BIGINT) * 10 / count(*)) / 100 AS mean_c,
    min(temperature_c) AS low_c,
    max(temperature_c) AS high_c,
    count(*) AS count
FROM usable_readings
WHERE observed_on IS NOT NULL
GROUP BY ALL
ORDER BY observed_on, region_id, station_id
