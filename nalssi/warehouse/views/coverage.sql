-- A row is an unbroken run of days on each of which a station has a usable reading, and the gap
-- after it.
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: the forecast region it lies in, from north to south
-- - first_on: first day of the run (KST)
-- - last_on: last day of the run (KST)
-- - days: its length [days]
-- - readings: usable readings in it [readings]
-- - gap_days: days without one until the next run; null after the last [days]
WITH runs AS (
    SELECT
        *,
        -- Constant within a run: both grow by one a day.
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
