-- A row is a forecast region in the newest snapshot (view `newest_snapshot`).
-- - observed_on: day (KST); null if unknown
-- - clock_at: the hour if it is known, else the first capture if it is on that day; null otherwise
-- - clock_source: source of clock_at: feed, official or capture; null if it is unknown
-- - region_id: number of the region, from north to south
-- - region_ko: the region's name in Hangul
-- - region_en: the region's name in Latin letters
-- - mean_c: mean of the usable readings, two decimals; null if none is usable [°C]
-- - min_c: lowest usable reading [°C]
-- - max_c: highest usable reading [°C]
-- - stations_used: listed stations with a usable reading [stations]
-- - stations_left_out: listed stations whose reading is excluded [stations]
-- - snapshot_id: the snapshot
SELECT
    observed_on,
    clock_at,
    clock_source,
    region_id,
    region_ko,
    region_en,
    mean_c,
    min_c,
    max_c,
    stations_used,
    stations_left_out,
    snapshot_id
FROM regional_temperatures
WHERE snapshot_id = (SELECT snapshot_id FROM newest_snapshot)
