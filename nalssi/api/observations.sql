FROM observations
WHERE ($since::DATE IS NULL OR observed_at >= $since::DATE::TIMESTAMP AT TIME ZONE 'Asia/Seoul')
    AND ($until::DATE IS NULL OR observed_at < ($until::DATE + 1)::TIMESTAMP AT TIME ZONE 'Asia/Seoul')
    AND ($station::INTEGER IS NULL OR station_id = $station)
ORDER BY observed_at, station_id
