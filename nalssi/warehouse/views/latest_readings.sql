-- A row is a station's last usable reading on the latest day for which there is any. Of several
-- lists of that day the one with the latest known hour counts; among lists without one, the one
-- first captured last, then the longest, then the one whose id comes last.
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: the forecast region it lies in, from north to south
-- - observed_on: the latest day (KST)
-- - observed_at: hour of observation; null if unknown
-- - hour_source: how the hour is known: feed, reconciled; null if it is not
-- - condition: code of the weather; null if not observed or not printed
-- - temperature_c: air temperature [°C]
-- - snapshot_id: the snapshot it is from
WITH last_day AS MATERIALIZED (
    SELECT conclusions.*, station_count
    FROM conclusions JOIN snapshots USING (snapshot_id)
    WHERE usable > 0
        AND conclusions.observed_on = (SELECT max(observed_on) FROM conclusions WHERE usable > 0)
),
captures AS (
    SELECT snapshot_id, min(captured_at) AS first_captured_at
    FROM sightings SEMI JOIN last_day USING (snapshot_id) JOIN documents USING (document_id)
    GROUP BY ALL
),
latest AS MATERIALIZED (
    SELECT
        last_day.*,
        row_number() OVER (
            ORDER BY
                observed_at DESC NULLS LAST,
                first_captured_at DESC NULLS LAST,
                station_count DESC,
                snapshot_id DESC
        ) AS place
    FROM last_day LEFT JOIN captures USING (snapshot_id)
)
SELECT
    station_id,
    name_ko,
    name_en,
    region_id,
    observed_on,
    observed_at,
    hour_source,
    condition,
    temperature_c,
    snapshot_id
FROM readings JOIN latest USING (snapshot_id) JOIN stations USING (station_id)
WHERE temperature_c IS NOT NULL AND NOT list_contains(unusable, station_id)
QUALIFY row_number() OVER (PARTITION BY station_id ORDER BY place) = 1
