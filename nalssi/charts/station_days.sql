-- The statistics of stations by day, from the view daily_stations, which defines them.
-- Parameters, each of which selects everything if it is null: since, until (days, KST), region,
-- station (numbers).
SELECT
    region_id,
    station_id,
    daily_stations.name_ko,
    daily_stations.name_en,
    observed_on,
    mean_c,
    min_c AS low_c,
    max_c AS high_c,
    readings,
    hours,
    lists,
    first_at,
    last_at,
    representative
FROM daily_stations JOIN (SELECT station_id, latitude FROM stations) USING (station_id)
WHERE ($since IS NULL OR observed_on >= $since)
    AND ($until IS NULL OR observed_on <= $until)
    AND ($region IS NULL OR region_id = $region)
    AND ($station IS NULL OR station_id = $station)
ORDER BY region_id, latitude DESC, station_id, observed_on
