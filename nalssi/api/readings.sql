FROM every_reading
WHERE (usable OR NOT $usable)
    AND ($since::DATE IS NULL OR observed_on >= $since::DATE)
    AND ($until::DATE IS NULL OR observed_on <= $until::DATE)
    AND ($station::INTEGER IS NULL OR station_id = $station)
    AND ($region::INTEGER IS NULL OR region_id = $region)
ORDER BY observed_on, clock_at, snapshot_id, station_id
