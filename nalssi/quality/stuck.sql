-- The readings now held to be of a stuck station.
SELECT snapshot_id, station_id
FROM quality
WHERE list_contains(failed, 'stuck_station')
