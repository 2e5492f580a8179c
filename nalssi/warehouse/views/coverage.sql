-- A row is a run of days without a gap: a station has a usable reading on each of them.
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - first_on: first day of the run (KST)
-- - last_on: last day of the run (KST)
-- - days: length of the run [days]
-- - readings: usable readings in the run, in all lists [readings]
-- - gap_days: days until the next run, without a usable reading; null after the last run [days]
-- - lists: distinct observations in the run [observations]
-- - hours: distinct hours per day, added up [hours]
-- - first_at: first hour or capture of the observations; null if none is known
-- - last_at: last hour or capture of the observations; null if none is known
-- - representative_days: days of the run with 80 % of the hours [days]
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
    lead(min(observed_on)) OVER (PARTITION BY station_id ORDER BY min(observed_on))
    - max(observed_on) - 1 AS gap_days,
    sum(lists)::BIGINT AS lists,
    sum(hours)::BIGINT AS hours,
    min(first_at) AS first_at,
    max(last_at) AS last_at,
    count(*) FILTER (representative) AS representative_days
FROM runs
GROUP BY station_id, name_ko, name_en, region_id, run
