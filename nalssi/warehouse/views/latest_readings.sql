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
WITH refusals AS (
    SELECT snapshot_id, count(*) AS refused
    FROM quality
    WHERE flag NOT IN (1, 2) OR list_contains(failed, 'missing')
    GROUP BY ALL
),
usable AS (
    SELECT timed_snapshots.*
    FROM timed_snapshots LEFT JOIN refusals USING (snapshot_id)
    WHERE coalesce(refused, 0) < station_count
),
captures AS (
    SELECT snapshot_id, min(captured_at) AS first_captured_at
    FROM sightings JOIN documents USING (document_id)
    GROUP BY ALL
),
latest AS (
    SELECT
        snapshot_id,
        row_number() OVER (
            ORDER BY
                observed_at DESC NULLS LAST,
                first_captured_at DESC NULLS LAST,
                station_count DESC,
                snapshot_id DESC
        ) AS place
    FROM usable LEFT JOIN captures USING (snapshot_id)
    WHERE observed_on = (SELECT max(observed_on) FROM usable)
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
FROM usable_readings JOIN latest USING (snapshot_id)
QUALIFY row_number() OVER (PARTITION BY station_id ORDER BY place) = 1
