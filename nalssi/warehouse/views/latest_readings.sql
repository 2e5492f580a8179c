-- A row is a station's newest usable reading of the newest day that has one. If a station is in
-- several lists of that day, the row is from the newest of them (`macros/newest_order.sql`).
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - observed_on: the newest day (KST)
-- - observed_at: hour of observation; null if unknown
-- - hour_source: source of the hour: feed or official; null if the hour is unknown
-- - clock_at: the hour if it is known, else the first capture if it is on that day; null otherwise
-- - clock_source: source of clock_at: feed, official or capture; null if it is unknown
-- - condition: code of the weather; null if not observed or not printed
-- - temperature_c: air temperature [°C]
-- - snapshot_id: the snapshot it is from
WITH newest_day AS MATERIALIZED (
    FROM snapshot_recency
    WHERE usable > 0 AND observed_on = (SELECT max(day) FROM conclusions WHERE usable > 0)
)
SELECT
    station_id,
    name_ko,
    name_en,
    region_id,
    observed_on,
    observed_at,
    hour_source,
    clock_at,
    clock_source,
    condition,
    temperature_c,
    snapshot_id
FROM readings JOIN newest_day USING (snapshot_id) JOIN stations USING (station_id)
WHERE is_usable(temperature_c, station_id, unusable)
QUALIFY row_number() OVER (PARTITION BY station_id ORDER BY recency DESC) = 1
