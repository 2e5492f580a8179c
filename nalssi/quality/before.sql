-- The readings of numbered snapshots (`quality_lists`) that now stand as not having passed a test.
SELECT snapshot, station_id
FROM quality JOIN quality_lists USING (snapshot_id)
WHERE list_contains(failed, $test)
