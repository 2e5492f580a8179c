-- The rule for "newest": the key that orders snapshots from the oldest to the newest. The newest
-- snapshot has the greatest key. Compare by day, then by hour of observation, then by first
-- capture, then by number of stations, then by id. Unknown values come before all known ones.
-- Every choice of a newest snapshot or reading, in views, charts, gallery and exports, uses it.
-- - observed_on: day (KST)
-- - observed_at: hour of observation
-- - first_captured_at: when a page that prints the snapshot was first captured
-- - station_count: stations in the list
-- - snapshot_id: the snapshot
row(
    coalesce(observed_on, '-infinity'::DATE),
    coalesce(observed_at, '-infinity'::TIMESTAMPTZ),
    coalesce(first_captured_at, '-infinity'::TIMESTAMPTZ),
    station_count,
    snapshot_id
)
