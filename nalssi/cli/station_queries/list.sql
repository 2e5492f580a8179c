SELECT station_id, stations.name_ko, stations.name_en, regions.name_ko AS region, province,
    latitude, longitude, elevation_m, opened_on
FROM stations JOIN regions USING (region_id)
WHERE region_id = coalesce($region, region_id)
ORDER BY station_id
