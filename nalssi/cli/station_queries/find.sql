-- The stations with a present or former name, or a number, that is or resembles the given name.
WITH names AS (
    SELECT station_id, name_ko AS name FROM stations_history
    UNION SELECT station_id, name_en FROM stations
    UNION SELECT station_id, station_id::VARCHAR FROM stations_history
),
likeness AS (
    SELECT
        station_id,
        max(CASE
            WHEN lower(name) = lower($name) THEN 3
            WHEN contains(lower(name), lower($name)) AND NOT regexp_full_match(name, '\d+') THEN 2
            WHEN regexp_full_match(name, '\d+') THEN 0
            ELSE jaro_winkler_similarity(lower(name), lower($name))
        END) AS likeness
    FROM names
    GROUP BY ALL
),
periods AS (
    SELECT station_id, max_by(name_ko, valid_from) AS name_ko, min(valid_from) AS opened_on,
        CASE WHEN count(*) = count(valid_to) THEN max(valid_to) END AS closed_on
    FROM stations_history
    GROUP BY ALL
)
SELECT station_id, name_ko, name_en, region, opened_on, closed_on
FROM likeness
JOIN periods USING (station_id)
LEFT JOIN (
    SELECT station_id, stations.name_en, regions.name_ko AS region
    FROM stations JOIN regions USING (region_id)
) USING (station_id)
WHERE likeness >= 0.85
-- If any name equals or contains the given name, names that only resemble it are not shown.
QUALIFY likeness >= 2 OR max(likeness) OVER () < 2
ORDER BY likeness DESC, station_id
LIMIT 10
