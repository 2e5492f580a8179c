-- A row is a station in a distinct observation, compared with the same hour of the most recent
-- earlier day, at most three days before. Hours are known or captured, and the same hour is at most
-- one hour earlier or later. Without such an hour there is no change, and a reason: a difference
-- between afternoon and night is the course of a day, not a change of the weather.
-- - observed_on: day (KST)
-- - observed_at: hour of observation; null if unknown
-- - clock_at: hour of observation, or else the first capture if it was on that day; null otherwise
-- - clock_source: source of `clock_at`: feed, official or capture; null if it is null
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - temperature_c: air temperature [°C]
-- - change_c: `temperature_c` minus `before_c`; null if there is nothing to compare with [°C]
-- - reason: why there is no change: `hour_unknown` (`clock_at` is null) or `no_like_hour` (the
--   station has no reading of the same hour on the three days before); null if there is a change
-- - before_c: air temperature at the earlier hour [°C]
-- - before_at: the earlier hour of observation, or else the capture
-- - before_source: source of `before_at`: feed, official or capture
-- - hours_apart: hours between the two, minutes of captures left out: 23 to 25, 47 to 49 or 71 to 73
--   [hours]
-- - observation_id: the observation: the snapshot as which its lists count
-- - before_id: the earlier observation
WITH earlier AS (
    -- Each list once for every later day with which it can be compared.
    SELECT counts_on + 1 AS later_on, * FROM conclusions WHERE counts_at IS NOT NULL
    UNION ALL
    SELECT counts_on + 2, * FROM conclusions WHERE counts_at IS NOT NULL
    UNION ALL
    SELECT counts_on + 3, * FROM conclusions WHERE counts_at IS NOT NULL
),
earlier_hours AS (
    -- Each of them once for every hour of that day with which it can be compared.
    SELECT
        snapshot_id,
        later_on,
        hour_number(counts_at) + hours_apart AS hour,
        hours_apart,
        counts_as,
        counts_at,
        counts_source,
        unusable,
        repeated
    FROM earlier, unnest([23, 24, 25, 47, 48, 49, 71, 72, 73]) AS apart (hours_apart)
    WHERE (hour + 9) // 24 = later_on - DATE '1970-01-01'
),
like_hours AS (
    SELECT
        later_on,
        station_id,
        hour,
        arg_min(
            row(temperature_c, counts_at, counts_source, hours_apart, counts_as),
            row(
                (hours_apart + 1) // 24,
                abs((hours_apart + 1) % 24 - 1),
                counts_source = 'capture',
                counts_as
            )
        ) AS nearest
    FROM readings JOIN earlier_hours USING (snapshot_id)
    WHERE is_usable(temperature_c, station_id, unusable) AND NOT list_contains(repeated, station_id)
    GROUP BY later_on, station_id, hour
)
SELECT
    observed_on,
    observed_at,
    this.clock_at,
    this.clock_source,
    this.station_id,
    name_ko,
    name_en,
    region_id,
    this.temperature_c,
    round(this.temperature_c - nearest[1], 1) AS change_c,
    CASE
        WHEN this.clock_at IS NULL THEN 'hour_unknown'
        WHEN nearest IS NULL THEN 'no_like_hour'
    END AS reason,
    nearest[1] AS before_c,
    nearest[2] AS before_at,
    nearest[3] AS before_source,
    nearest[4] AS hours_apart,
    this.observation_id,
    nearest[5] AS before_id
FROM (SELECT *, hour_number(clock_at) AS hour FROM hourly_stations) AS this
LEFT JOIN like_hours
    ON like_hours.later_on = observed_on AND like_hours.station_id = this.station_id
    AND like_hours.hour = this.hour
