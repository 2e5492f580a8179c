-- Usable readings of each station by day.
SELECT
    observed_on, region_id, station_id, name_ko, name_en,
    mean_c, min_c AS low_c, max_c AS high_c, readings AS count
FROM daily_stations
WHERE observed_on IS NOT NULL
ORDER BY observed_on, region_id, station_id
