-- Every reading with all that the gallery says about it; closed stations have no region.
WITH last_known AS (
    SELECT station_id, arg_max(name_ko, valid_from) AS name_ko
    FROM station_history
    GROUP BY station_id
)
SELECT
    snapshot_id,
    observed_on,
    observed_at,
    hour_source,
    station_id,
    coalesce(stations.name_ko, last_known.name_ko) AS name_ko,
    coalesce(stations.name_en, last_known.name_ko) AS name_en,
    region_id,
    latitude,
    condition_raw AS condition_ko,
    coalesce(meaning_en, condition) AS condition_en,
    temperature_c,
    coalesce(quality.flag, 1)::TINYINT AS flag,
    coalesce(quality.failed, []) AS failed
FROM readings
JOIN timed_snapshots USING (snapshot_id)
LEFT JOIN stations USING (station_id)
LEFT JOIN last_known USING (station_id)
LEFT JOIN conditions ON condition_raw = word
LEFT JOIN quality USING (snapshot_id, station_id)
ORDER BY
    observed_on NULLS FIRST,
    observed_at NULLS FIRST,
    snapshot_id,
    region_id NULLS LAST,
    latitude DESC,
    station_id
