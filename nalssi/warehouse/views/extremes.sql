-- A row is a station on one of the ten most extreme days of a year, for each kind of extreme:
-- `hottest` (highest reading), `coldest` (lowest reading) or `largest_change` (from one day to the
-- next). A change compares the daily means if both days are representative. Otherwise it compares
-- the readings of like hours (known or captured, at most one hour apart), and is their mean. Days
-- without like hours are not compared.
-- - year: year (KST)
-- - kind: hottest, coldest or largest_change
-- - place: rank, 1 is the most extreme; equal values are ranked by day, then station
-- - observed_on: day (KST); for a change, the second day
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - temperature_c: the reading; for a change, the mean of what is compared of the second day [°C]
-- - change_c: for a change, the mean minus that of the day before; null otherwise [°C]
-- - compared: for a change, what is compared: `days` (daily means) or `hours` (like hours); null
--   otherwise
-- - lists: distinct observations of the day [observations]
-- - hours: distinct hours of the day that are known, or else captured, from 0 to 24 [hours]
-- - first_at: first hour or capture of the day; null if none is known
-- - last_at: last hour or capture of the day; null if none is known
-- - representative: whether there are 80 % of the day's hours
WITH lists AS (
    -- Each year also has the last day before it, so that a query for one year reads only that year.
    SELECT year(counts_on) AS year, * FROM conclusions
    UNION ALL
    SELECT year(counts_on) + 1, *
    FROM conclusions
    WHERE month(counts_on) = 12 AND day(counts_on) = 31
),
summary AS (
    SELECT
        year,
        counts_on AS observed_on,
        station_id,
        name_ko,
        name_en,
        region_id,
        mean_hundredths(temperature_c) AS mean_c,
        min(temperature_c) AS min_c,
        max(temperature_c) AS max_c,
        count(*) AS lists,
        coalesce(bit_count(bit_or(hour_bit(counts_at))), 0)::TINYINT AS hours,
        min(counts_at) AS first_at,
        max(counts_at) AS last_at,
        is_representative(hours, 24) AS representative
    FROM readings JOIN lists USING (snapshot_id) JOIN stations USING (station_id)
    WHERE is_usable(temperature_c, station_id, unusable) AND NOT list_contains(repeated, station_id)
        AND counts_on IS NOT NULL
    GROUP BY year, counts_on, station_id, name_ko, name_en, region_id
),
-- The stations that are on both of two days, but do not have 80 % of the hours on both.
day_pairs AS (
    SELECT counts_on AS observed_on, true AS is_second, * FROM conclusions WHERE counts_at IS NOT NULL
    UNION ALL
    SELECT counts_on + 1, false, * FROM conclusions WHERE counts_at IS NOT NULL
),
thin_pairs AS (
    SELECT
        year(observed_on) AS year,
        observed_on,
        station_id,
        bit_count(bit_or(CASE WHEN is_second THEN hour_bit(counts_at) END)) AS hours,
        bit_count(bit_or(CASE WHEN NOT is_second THEN hour_bit(counts_at) END)) AS hours_before
    FROM readings JOIN day_pairs USING (snapshot_id)
    WHERE is_usable(temperature_c, station_id, unusable) AND NOT list_contains(repeated, station_id)
    GROUP BY year(observed_on), observed_on, station_id
    HAVING NOT is_representative(least(hours, hours_before), 24) AND hours > 0 AND hours_before > 0
),
hours_before AS (
    SELECT
        year(observed_on + 1) AS year,
        observed_on + 1 AS observed_on,
        station_id,
        hour_number(clock_at) + 24 AS hour,
        clock_source,
        observation_id,
        temperature_c
    FROM hourly_stations
),
like_hours AS (
    SELECT
        year,
        observed_on,
        station_id,
        this.observation_id,
        this.temperature_c,
        -- The nearest hour, a known one before a capture, then the lower temperature, as one number.
        min(
            (2 * abs(hour_number(this.clock_at) - before.hour) + (before.clock_source = 'capture')::INTEGER)
            * 10_000
            + 5_000 + round(before.temperature_c * 10)::INTEGER
        ) % 10_000 - 5_000 AS tenths_before
    FROM thin_pairs
    JOIN (SELECT year(observed_on) AS year, * FROM hourly_stations) AS this
        USING (year, observed_on, station_id)
    JOIN hours_before AS before USING (year, observed_on, station_id)
    WHERE abs(hour_number(this.clock_at) - before.hour) <= 1
    GROUP BY year, observed_on, station_id, this.observation_id, this.temperature_c
),
like_days AS (
    SELECT
        year,
        observed_on,
        station_id,
        mean_hundredths(temperature_c) AS like_mean_c,
        round(avg((round(temperature_c * 10)::INTEGER - tenths_before) * 10)) / 100
            AS like_change_c
    FROM like_hours
    GROUP BY year, observed_on, station_id
),
changes AS (
    SELECT
        *,
        CASE
            WHEN representative AND lag(representative) OVER previous
                AND lag(observed_on) OVER previous = observed_on - 1
                THEN round(mean_c - lag(mean_c) OVER previous, 2)
        END AS change_c
    FROM summary
    WINDOW previous AS (PARTITION BY year, station_id ORDER BY observed_on)
    QUALIFY year(observed_on) = year
),
candidates AS (
    SELECT
        *,
        NULL::DOUBLE AS change_c,
        NULL::DOUBLE AS like_mean_c,
        NULL::DOUBLE AS like_change_c,
        CASE kind WHEN 'hottest' THEN max_c ELSE -min_c END AS extremity
    FROM summary, (VALUES ('hottest'), ('coldest')) AS kinds (kind)
    WHERE year(observed_on) = year
    UNION ALL BY NAME
    SELECT
        *,
        'largest_change' AS kind,
        abs(coalesce(change_c, like_change_c)) AS extremity
    FROM changes LEFT JOIN like_days USING (year, observed_on, station_id)
    WHERE extremity IS NOT NULL
)
SELECT
    year,
    kind,
    row_number() OVER (
        PARTITION BY year, kind ORDER BY (-extremity, observed_on, station_id)
    ) AS place,
    observed_on,
    station_id,
    name_ko,
    name_en,
    region_id,
    CASE
        WHEN kind = 'hottest' THEN max_c
        WHEN kind = 'coldest' THEN min_c
        WHEN change_c IS NULL THEN like_mean_c
        ELSE mean_c
    END AS temperature_c,
    CASE WHEN kind = 'largest_change' THEN coalesce(change_c, like_change_c) END AS change_c,
    CASE
        WHEN kind <> 'largest_change' THEN NULL
        WHEN change_c IS NULL THEN 'hours'
        ELSE 'days'
    END AS compared,
    lists,
    hours,
    first_at,
    last_at,
    representative
FROM candidates
QUALIFY place <= 10
