-- All selected readings, usable or excluded, with the columns that charts and gallery need. The
-- region of a closed station is null.
-- Parameters, each of which selects everything if it is null: since, until (days, KST), region (0:
-- closed stations), station (number). If undated is true, only undated snapshots are selected. If
-- printed is true, a snapshot whose day is unknown is selected by its printed date.
-- printed_on is the printed date of an undated snapshot, which is then false, and null otherwise.
-- flag is the flag that charts and gallery show: that of quality, or 9 (missing) for a reading
-- without a temperature, or 0 for a usable temperature of a closed station.
-- usable is true for the rows of the view usable_readings.
WITH selected_snapshots AS (
    -- Readings are sorted by a number, because it takes less time than sorting them by recency.
    SELECT
        snapshot_id,
        observed_on,
        observed_at,
        hour_source,
        clock_at,
        clock_source,
        unusable,
        CASE WHEN observed_on IS NULL THEN printed.printed_on END AS printed_on,
        row_number() OVER (ORDER BY recency) AS position
    FROM snapshot_recency
    JOIN (SELECT snapshot_id, observed_on AS printed_on FROM snapshots) AS printed
        USING (snapshot_id)
    WHERE (
            ($since IS NULL OR observed_on >= $since)
            AND ($until IS NULL OR observed_on <= $until)
            OR $printed
            AND observed_on IS NULL
            AND ($since IS NULL OR printed.printed_on >= $since)
            AND ($until IS NULL OR printed.printed_on <= $until)
        )
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
    clock_at,
    clock_source,
    printed_on,
    station_id,
    coalesce(stations.name_ko, last_known.name_ko) AS name_ko,
    coalesce(stations.name_en, last_known.name_ko) AS name_en,
    region_id,
    latitude,
    longitude,
    condition,
    condition_raw AS condition_ko,
    coalesce(meaning_en, condition) AS condition_en,
    condition_group,
    temperature_c,
    CASE
        WHEN temperature_c IS NULL THEN 9
        WHEN stations.station_id IS NULL AND is_usable(temperature_c, station_id, unusable) THEN 0
        ELSE coalesce(quality.flag, 1)
    END::BIGINT AS flag,
    coalesce(quality.failed, []) AS failed,
    stations.station_id IS NOT NULL AND is_usable(temperature_c, station_id, unusable) AS usable
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
