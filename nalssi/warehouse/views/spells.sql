-- A row is a spell at a station: consecutive days of a kind (view `climate_days`), such as a heat
-- wave. A spell begins and ends on a day that is proved to be of the kind. A day that is proved not to
-- be of the kind ends it, and so do more than three days in a row without proof. Between two proved
-- days, days that nobody saw and days with too few hours belong to the spell and are counted apart.
-- - kind: heat_wave, tropical_night, cold_wave, frost or ice
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - first_on: first day (KST)
-- - last_on: last day (KST)
-- - length: days from the first to the last [days]
-- - days: days that are proved to be of the kind [days]
-- - unproved: days that were seen, in too few hours to prove anything [days]
-- - unseen: days that nobody saw [days]
-- - extreme_c: highest temperature of a heat wave, highest of the nights' lowest temperatures, or
--   lowest `temperature_c` of the other kinds [°C]
WITH counted AS (
    SELECT
        *,
        count(*) FILTER (NOT holds) OVER until_now AS other_days,
        count(*) FILTER (holds IS NULL) OVER until_now AS unproved_days
    FROM climate_days
    WINDOW until_now AS (PARTITION BY kind, station_id ORDER BY observed_on)
),
proved AS (
    SELECT
        *,
        coalesce(observed_on - lag(observed_on) OVER before > 4, true)::INTEGER AS is_first
    FROM counted
    WHERE holds
    WINDOW before AS (PARTITION BY kind, station_id, other_days ORDER BY observed_on)
),
numbered AS (
    SELECT
        *,
        sum(is_first) OVER (PARTITION BY kind, station_id ORDER BY observed_on) AS spell
    FROM proved
)
SELECT
    kind,
    station_id,
    name_ko,
    name_en,
    region_id,
    min(observed_on) AS first_on,
    max(observed_on) AS last_on,
    last_on - first_on + 1 AS length,
    count(*) AS days,
    max(unproved_days) - min(unproved_days) AS unproved,
    length - days - unproved AS unseen,
    CASE
        WHEN kind IN ('heat_wave', 'tropical_night') THEN max(temperature_c)
        ELSE min(temperature_c)
    END AS extreme_c
FROM numbered
GROUP BY kind, station_id, name_ko, name_en, region_id, spell
