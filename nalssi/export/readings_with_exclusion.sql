-- Every reading with its time and flag, and in `excluded_for` the first reason why the selection (a
-- table with one row) excludes it; null if it is exported. A filter by day excludes undated readings.
CREATE TEMP VIEW readings_with_exclusion AS
SELECT
    readings.*,
    observed_on,
    printed_on,
    observed_at,
    hour_source,
    clock_at,
    clock_source,
    stations.region_id,
    stations.name_ko,
    stations.name_en,
    coalesce(quality.flag, 1)::TINYINT AS flag,
    coalesce(quality.failed, []) AS failed,
    CASE
        WHEN snapshot_id <> selection.snapshot THEN 'other_snapshots'
        WHEN observed_on IS NULL AND coalesce(selection.since, selection.until) IS NOT NULL
            THEN 'undated'
        WHEN observed_on < selection.since OR observed_on > selection.until THEN 'other_dates'
        WHEN NOT list_contains(selection.stations, station_id) THEN 'other_stations'
        WHEN NOT list_contains(selection.regions, coalesce(stations.region_id, 0)) THEN 'other_regions'
        WHEN NOT list_contains(selection.flags, coalesce(quality.flag, 1))
            THEN 'flag_' || coalesce(quality.flag, 1)
    END AS excluded_for
FROM readings
JOIN timed_snapshots USING (snapshot_id)
LEFT JOIN stations USING (station_id)
LEFT JOIN quality USING (snapshot_id, station_id)
CROSS JOIN selection;
