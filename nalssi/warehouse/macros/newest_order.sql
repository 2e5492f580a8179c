-- The rule for "newest": the key that orders snapshots from the oldest to the newest. The newest
-- snapshot has the greatest key. Compare by day, then by clock (hour of observation, else capture
-- time), then a known hour comes after a capture at the same instant, then by number of stations,
-- then by id. Unknown values come before all known ones. Every choice of a newest snapshot or
-- reading, in views, charts, gallery and exports, uses it. Charts and day pages also take this order
-- for the order of time, so day and clock must stay the first two parts.
-- - day: day of observation (KST)
-- - clock_at: hour of observation, else the first capture on that day
-- - clock_source: feed, official or capture
-- - station_count: stations in the list
-- - snapshot_id: the snapshot
row(
    coalesce(day, '-infinity'::DATE),
    coalesce(clock_at, '-infinity'::TIMESTAMPTZ),
    coalesce(clock_source <> 'capture', false),
    station_count,
    snapshot_id
)
