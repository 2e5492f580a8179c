-- Great-circle distance by the haversine formula, on a sphere of 6,371 km.
SELECT
    station_id,
    name_ko,
    name_en,
    round(2 * 6371 * asin(sqrt(
        sin(radians(latitude - $latitude) / 2) ^ 2
        + cos(radians($latitude)) * cos(radians(latitude))
        * sin(radians(longitude - $longitude) / 2) ^ 2
    )), 1) AS distance_km,
    elevation_m
FROM stations
ORDER BY distance_km, station_id
LIMIT $count
