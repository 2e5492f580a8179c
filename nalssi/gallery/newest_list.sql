-- All readings of the newest list, usable or excluded; no row if no list has a usable reading. Closed
-- stations have their last name and no region. flag is 0 for a good reading of a closed station, and
-- 9 for a reading without a temperature, as in charts.
SELECT
    newest.snapshot_id,
    newest.observed_on,
    newest.observed_at,
    newest.hour_source,
    newest.clock_at,
    newest.clock_source,
    not_before,
    not_after,
    (
        SELECT min(captured_at) FROM sightings JOIN documents USING (document_id)
        WHERE snapshot_id = newest.snapshot_id
    ) AS first_captured_at,
    (
        SELECT max(captured_at) FROM sightings JOIN documents USING (document_id)
        WHERE snapshot_id = newest.snapshot_id
    ) AS last_captured_at,
    (
        SELECT list_sort(array_agg(DISTINCT site) FILTER (site IS NOT NULL))
        FROM sightings JOIN documents USING (document_id)
        WHERE snapshot_id = newest.snapshot_id
    ) AS sites,
    station_id,
    every_reading.name_ko,
    coalesce(every_reading.name_en, every_reading.name_ko) AS name_en,
    region_id,
    latitude,
    longitude,
    condition,
    condition_ko,
    condition_group,
    coalesce(meaning_en, condition) AS condition_en,
    temperature_c,
    CASE
        WHEN temperature_c IS NULL THEN 9
        WHEN NOT usable AND flag < 3 THEN 0
        ELSE flag
    END::INTEGER AS flag,
    failed,
    usable
FROM (FROM newest_snapshot) AS newest
JOIN timed_snapshots USING (snapshot_id)
JOIN every_reading USING (snapshot_id)
LEFT JOIN (SELECT word, meaning_en, "group" AS condition_group FROM conditions) ON condition_ko = word
ORDER BY station_id
