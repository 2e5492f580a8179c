-- A row is a snapshot with its recency: order by it to list snapshots from the oldest to the
-- newest. Not restricted to usable readings.
-- - snapshot_id: the snapshot
-- - observed_on: day of observation (KST); null if unknown
-- - observed_at: hour of observation; null if unknown
-- - hour_source: source of the hour: feed or official; null if the hour is unknown
-- - clock_at: the hour if it is known, else the first capture if it is on that day; null otherwise
-- - clock_source: source of clock_at: feed, official or capture; null if it is unknown
-- - station_count: stations in the list [stations]
-- - usable: stations with a usable reading [stations]
-- - unusable: stations whose reading is not usable [stations]
-- - recency: sort key; the newest snapshot has the greatest (`macros/newest_order.sql` has the rule)
SELECT
    snapshot_id,
    day AS observed_on,
    observed_at,
    hour_source,
    clock_at,
    clock_source,
    usable + len(unusable) AS station_count,
    usable,
    unusable,
    newest_order(day, clock_at, clock_source, usable + len(unusable), snapshot_id) AS recency
FROM conclusions
