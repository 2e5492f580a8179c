-- The rule for "newest": the key that orders snapshots from the oldest to the newest. The newest
-- snapshot has the greatest key. The first part in which two keys differ decides. Every choice of a
-- newest snapshot or reading, in views, charts, gallery and exports, uses it. Charts and day pages also
-- take this order for the order of time, so day and clock must stay the first two parts.
-- - day: day of observation (KST)
-- - clock_at: hour of observation, else the first capture on that day
-- - clock_source: feed, official or capture
-- - station_count: stations in the list
-- - snapshot_id: the snapshot
row(
    coalesce(day, '-infinity'::DATE),  -- an unknown day comes first, so does an unknown clock
    coalesce(clock_at, '-infinity'::TIMESTAMPTZ),
    coalesce(clock_source <> 'capture', false),  -- a known hour after a capture at its instant
    station_count,
    snapshot_id
)
