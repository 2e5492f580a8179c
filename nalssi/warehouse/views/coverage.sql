-- A row is a run of days without a gap: a station has a usable reading on each of them.
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - first_on: first day of the run (KST)
-- - last_on: last day of the run (KST)
-- - days: length of the run [days]
-- - readings: usable readings in the run [readings]
-- - gap_days: days until the next run, without a usable reading; null after the last run [days]
WITH runs AS (
    SELECT
        *,
        -- Day and row number both grow by one a day, so their difference is constant within a run.
        observed_on - row_number() OVER (PARTITION BY station_id ORDER BY observed_on)::INTEGER
            AS run
    FROM daily_stations
)
SELECT
    station_id,
    name_ko,
    name_en,
    region_id,
    min(observed_on) AS first_on,
    max(observed_on) AS last_on,
    count(*) AS days,
    sum(readings)::BIGINT AS readings,
    lead(first_on) OVER (PARTITION BY station_id ORDER BY first_on) - last_on - 1 AS gap_days
FROM runs
GROUP BY station_id, name_ko, name_en, region_id, run
