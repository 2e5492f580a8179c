-- All readings of a selection with what charts and gallery need to know of them, closed stations
-- included (their region is null). Parameters: since, until (dates, KST), region (0: none), station
-- (ids); null selects everything, undated snapshots too; undated: these alone.
WITH selected_snapshots AS (
    -- Readings are sorted by a number, because it takes less time than sorting them by recency.
    SELECT *, row_number() OVER (ORDER BY recency) AS position
    FROM snapshot_recency
    WHERE ($since IS NULL OR observed_on >= $since)
        AND ($until IS NULL OR observed_on <= $until)
        AND (NOT $undated OR observed_on IS NULL)
),
groups AS (
    SELECT DISTINCT code AS condition, "group" AS condition_group
    FROM conditions
    WHERE code IS NOT NULL
),
last_known AS (
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
    longitude,
    condition_raw AS condition_ko,
    coalesce(meaning_en, condition) AS condition_en,
    condition_group,
    temperature_c,
    coalesce(quality.flag, 1)::TINYINT AS flag,
    coalesce(quality.failed, []) AS failed
FROM readings
JOIN selected_snapshots USING (snapshot_id)
LEFT JOIN stations USING (station_id)
LEFT JOIN last_known USING (station_id)
LEFT JOIN conditions ON condition_raw = word
LEFT JOIN groups USING (condition)
LEFT JOIN quality USING (snapshot_id, station_id)
WHERE ($region IS NULL OR coalesce(region_id, 0) = $region)
    AND ($station IS NULL OR station_id = $station)
ORDER BY
    position,
    region_id NULLS LAST,
    latitude DESC,
    station_id
