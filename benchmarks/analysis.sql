-- What is asked of each view, and the same by hand of `flat`, one sorted file of all readings.

-- step: flat
SELECT
    observed_on,
    observed_at,
    clock_at,
    timed_snapshots.printed_on,
    counts_as AS observation_id,
    readings.station_id,
    stations.name_ko,
    stations.name_en,
    stations.region_id,
    regions.name_ko AS region_ko,
    regions.name_en AS region_en,
    province,
    latitude,
    longitude,
    elevation_m,
    condition,
    temperature_c,
    coalesce(flag, 1) AS flag,
    coalesce(failed, []) AS failed,
    readings.snapshot_id,
    station_count,
    document_id,
    uri,
    captured_at,
    site
FROM readings
JOIN timed_snapshots USING (snapshot_id)
JOIN sightings USING (snapshot_id)
JOIN documents USING (document_id)
JOIN stations USING (station_id)
JOIN regions USING (region_id)
LEFT JOIN quality USING (snapshot_id, station_id)
ORDER BY observed_on, observed_at, readings.station_id

-- step: usable_readings_of_a_day
SELECT observed_at, station_id, name_ko, temperature_c
FROM usable_readings WHERE observed_on = '2019-08-01'
-- step: by_hand_usable_readings_of_a_day
SELECT observed_at, station_id, name_ko, temperature_c
FROM flat WHERE observed_on = '2019-08-01' AND flag <= 2 AND temperature_c IS NOT NULL

-- step: regional_temperatures_of_a_month
SELECT observed_at, region_id, region_ko, mean_c, min_c, max_c, stations_used
FROM regional_temperatures WHERE observed_on BETWEEN '2019-08-01' AND '2019-08-31'
-- step: by_hand_regional_temperatures_of_a_month
SELECT
    observed_at, region_id, region_ko,
    round(avg(round(temperature_c * 10)::INTEGER * 10) FILTER (flag <= 2)) / 100 AS mean_c,
    min(temperature_c) FILTER (flag <= 2) AS min_c,
    max(temperature_c) FILTER (flag <= 2) AS max_c,
    count(temperature_c) FILTER (flag <= 2) AS stations_used
FROM flat WHERE observed_on BETWEEN '2019-08-01' AND '2019-08-31'
GROUP BY ALL

-- step: hourly_stations_of_a_day
SELECT observed_at, station_id, name_ko, temperature_c, observation_id
FROM hourly_stations WHERE observed_on = '2019-08-01'
-- step: by_hand_hourly_stations_of_a_day
SELECT observed_at, station_id, name_ko, temperature_c, observation_id
FROM flat WHERE observed_on = '2019-08-01' AND flag <= 2 AND temperature_c IS NOT NULL

-- step: hourly_stations_of_a_month
SELECT observed_at, station_id, name_ko, temperature_c, observation_id
FROM hourly_stations WHERE observed_on BETWEEN '2019-08-01' AND '2019-08-31'
-- step: by_hand_hourly_stations_of_a_month
SELECT observed_at, station_id, name_ko, temperature_c, observation_id
FROM flat
WHERE observed_on BETWEEN '2019-08-01' AND '2019-08-31' AND flag <= 2 AND temperature_c IS NOT NULL

-- step: daily_stations_of_a_month
SELECT
    observed_on, station_id, name_ko, mean_c, min_c, max_c,
    lists, hours, first_at, last_at, representative
FROM daily_stations WHERE observed_on BETWEEN '2019-08-01' AND '2019-08-31'
-- step: by_hand_daily_stations_of_a_month
SELECT
    observed_on, station_id, name_ko,
    round(avg(round(temperature_c * 10)::INTEGER * 10)) / 100 AS mean_c,
    min(temperature_c) AS min_c, max(temperature_c) AS max_c,
    count(*) AS lists, count(DISTINCT hour(clock_at)) AS hours,
    min(clock_at) AS first_at, max(clock_at) AS last_at, hours >= 20 AS representative
FROM flat
WHERE observed_on BETWEEN '2019-08-01' AND '2019-08-31' AND flag <= 2 AND temperature_c IS NOT NULL
GROUP BY observed_on, station_id, name_ko

-- step: daily_stations_of_a_station
SELECT
    observed_on, mean_c, min_c, max_c, lists, hours, first_at, last_at, representative
FROM daily_stations WHERE station_id = 108
-- step: by_hand_daily_stations_of_a_station
SELECT
    observed_on,
    round(avg(round(temperature_c * 10)::INTEGER * 10)) / 100 AS mean_c,
    min(temperature_c) AS min_c, max(temperature_c) AS max_c,
    count(*) AS lists, count(DISTINCT hour(clock_at)) AS hours,
    min(clock_at) AS first_at, max(clock_at) AS last_at, hours >= 20 AS representative
FROM flat WHERE station_id = 108 AND flag <= 2 AND temperature_c IS NOT NULL
GROUP BY observed_on

-- step: daily_regions_of_a_month
SELECT
    observed_on, region_id, region_ko, mean_c, min_c, max_c, stations,
    lists, hours, first_at, last_at, representative_stations
FROM daily_regions WHERE observed_on BETWEEN '2019-08-01' AND '2019-08-31'
-- step: by_hand_daily_regions_of_a_month
SELECT
    observed_on, region_id, region_ko,
    round(avg(round(mean_c * 100)::INTEGER)) / 100 AS mean_c, min(min_c) AS min_c, max(max_c) AS max_c,
    count(*) AS stations, max(lists) AS lists, max(hours) AS hours,
    min(first_at) AS first_at, max(last_at) AS last_at,
    count(*) FILTER (representative) AS representative_stations
FROM (
    SELECT
        observed_on, station_id, region_id, region_ko,
        round(avg(round(temperature_c * 10)::INTEGER * 10)) / 100 AS mean_c,
        min(temperature_c) AS min_c, max(temperature_c) AS max_c,
        count(*) AS lists, count(DISTINCT hour(clock_at)) AS hours,
        min(clock_at) AS first_at, max(clock_at) AS last_at, hours >= 20 AS representative
    FROM flat
    WHERE observed_on BETWEEN '2019-08-01' AND '2019-08-31'
        AND flag <= 2 AND temperature_c IS NOT NULL
    GROUP BY observed_on, station_id, region_id, region_ko
)
GROUP BY observed_on, region_id, region_ko

-- step: monthly_regions_of_a_region
SELECT month, mean_c, min_c, max_c, days, lists, hours, first_at, last_at
FROM monthly_regions WHERE region_id = 3
-- step: by_hand_monthly_regions_of_a_region
SELECT
    date_trunc('month', observed_on)::DATE AS month,
    round(avg(round(mean_c * 100)::INTEGER)) / 100 AS mean_c, min(min_c) AS min_c, max(max_c) AS max_c,
    count(*) AS days, sum(lists) AS lists, sum(hours) AS hours,
    min(first_at) AS first_at, max(last_at) AS last_at
FROM (
    SELECT
        observed_on,
        round(avg(round(mean_c * 100)::INTEGER)) / 100 AS mean_c, min(min_c) AS min_c, max(max_c) AS max_c,
        max(lists) AS lists, max(hours) AS hours, min(first_at) AS first_at, max(last_at) AS last_at
    FROM (
        SELECT
            observed_on, station_id,
            round(avg(round(temperature_c * 10)::INTEGER * 10)) / 100 AS mean_c,
            min(temperature_c) AS min_c, max(temperature_c) AS max_c,
            count(*) AS lists, count(DISTINCT hour(clock_at)) AS hours,
            min(clock_at) AS first_at, max(clock_at) AS last_at, hours >= 20 AS representative
        FROM flat WHERE region_id = 3 AND flag <= 2 AND temperature_c IS NOT NULL
        GROUP BY observed_on, station_id
    )
    GROUP BY observed_on
)
GROUP BY month

-- step: extremes_of_a_year
SELECT kind, place, observed_on, station_id, temperature_c, lists, hours, first_at, last_at
FROM extremes WHERE year = 2019 AND kind <> 'largest_change'
-- step: by_hand_extremes_of_a_year
WITH days AS (
    SELECT
        observed_on, station_id,
        min(temperature_c) AS min_c, max(temperature_c) AS max_c,
        count(*) AS lists, count(DISTINCT hour(clock_at)) AS hours,
        min(clock_at) AS first_at, max(clock_at) AS last_at
    FROM flat
    WHERE observed_on BETWEEN '2019-01-01' AND '2019-12-31'
        AND flag <= 2 AND temperature_c IS NOT NULL
    GROUP BY observed_on, station_id
)
(SELECT
    'hottest' AS kind,
    row_number() OVER (ORDER BY max_c DESC, observed_on, station_id) AS place,
    observed_on, station_id, max_c AS temperature_c, lists, hours, first_at, last_at
FROM days QUALIFY place <= 10)
UNION ALL
(SELECT
    'coldest',
    row_number() OVER (ORDER BY min_c, observed_on, station_id) AS place,
    observed_on, station_id, min_c, lists, hours, first_at, last_at
FROM days QUALIFY place <= 10)

-- step: coverage_of_a_station
SELECT first_on, last_on, days, gap_days, lists, hours, representative_days
FROM coverage WHERE station_id = 108
-- step: by_hand_coverage_of_a_station
WITH days AS (
    SELECT observed_on, count(*) AS lists, count(DISTINCT hour(clock_at)) AS hours
    FROM flat WHERE station_id = 108 AND flag <= 2 AND temperature_c IS NOT NULL
    GROUP BY observed_on
),
runs AS (
    SELECT *, observed_on - row_number() OVER (ORDER BY observed_on)::INTEGER AS run FROM days
)
SELECT
    min(observed_on) AS first_on, max(observed_on) AS last_on, count(*) AS days,
    lead(first_on) OVER (ORDER BY first_on) - last_on - 1 AS gap_days,
    sum(lists) AS lists, sum(hours) AS hours, count(*) FILTER (hours >= 20) AS representative_days
FROM runs GROUP BY run

-- step: hourly_changes_of_a_day
SELECT station_id, clock_at, temperature_c, change_c, before_at
FROM hourly_changes WHERE observed_on = '2019-08-02'
-- step: by_hand_hourly_changes_of_a_day
WITH nearby AS (
    SELECT *, epoch(clock_at)::BIGINT // 3600 AS hour
    FROM flat
    WHERE observed_on BETWEEN '2019-07-30' AND '2019-08-02' AND flag <= 2 AND temperature_c IS NOT NULL
)
SELECT
    this.station_id, this.clock_at, this.temperature_c,
    round(this.temperature_c - before.temperature_c, 1) AS change_c, before.clock_at AS before_at
FROM nearby AS this
LEFT JOIN nearby AS before
    ON before.station_id = this.station_id AND before.observed_on < this.observed_on
    AND (this.hour - before.hour + 1) % 24 <= 2 AND this.hour - before.hour >= 23
WHERE this.observed_on = '2019-08-02'
QUALIFY row_number() OVER (
    PARTITION BY this.station_id, this.clock_at
    ORDER BY (this.hour - before.hour + 1) // 24, abs((this.hour - before.hour + 1) % 24 - 1), before.observation_id
) = 1

-- step: every_reading_of_a_day
SELECT * EXCLUDE (hour_source, clock_source, condition_ko, usable, pages, kst_hour, observation_id)
FROM every_reading WHERE observed_on = '2019-08-01' AND region_id IS NOT NULL
-- step: by_hand_every_reading_of_a_day
SELECT
    observed_on, observed_at, clock_at, printed_on, station_id, name_ko, name_en, region_id, region_ko,
    region_en, province, latitude, longitude, elevation_m, condition, temperature_c, flag, failed,
    snapshot_id, site, uri, captured_at
FROM flat WHERE observed_on = '2019-08-01'

-- step: every_reading_of_a_month
SELECT * EXCLUDE (hour_source, clock_source, condition_ko, usable, pages, kst_hour, observation_id)
FROM every_reading
WHERE observed_on BETWEEN '2019-08-01' AND '2019-08-31' AND region_id IS NOT NULL
-- step: by_hand_every_reading_of_a_month
SELECT
    observed_on, observed_at, clock_at, printed_on, station_id, name_ko, name_en, region_id, region_ko,
    region_en, province, latitude, longitude, elevation_m, condition, temperature_c, flag, failed,
    snapshot_id, site, uri, captured_at
FROM flat WHERE observed_on BETWEEN '2019-08-01' AND '2019-08-31'

-- step: quality_summary_of_a_year
SELECT month, site, test, not_evaluated, suspect, failed, missing, readings
FROM quality_summary WHERE month BETWEEN '2019-01-01' AND '2019-12-01'
-- step: by_hand_quality_summary_of_a_year
WITH year AS (
    SELECT date_trunc('month', observed_on)::DATE AS month, site, flag, failed
    FROM flat WHERE observed_on BETWEEN '2019-01-01' AND '2019-12-31'
),
totals AS (SELECT month, site, count(*) AS readings FROM year GROUP BY ALL)
SELECT
    month, site, test,
    count(*) FILTER (flag = 2) AS not_evaluated, count(*) FILTER (flag = 3) AS suspect,
    count(*) FILTER (flag = 4) AS failed, count(*) FILTER (flag = 9) AS missing, readings
FROM (SELECT month, site, flag, unnest(failed) AS test FROM year WHERE len(failed) > 0)
JOIN totals USING (month, site)
GROUP BY ALL

-- step: frozen_feeds
SELECT station_count, first_on, last_on, dates, pages FROM frozen_feeds
-- step: by_hand_frozen_feeds
SELECT
    any_value(station_count) AS station_count, min(observed_on) AS first_on,
    max(observed_on) AS last_on, count(DISTINCT observed_on) AS dates, sum(pages) AS pages
FROM (
    SELECT
        snapshot_id, station_count, observed_on, count(DISTINCT document_id) AS pages,
        list((station_id, temperature_c) ORDER BY station_id) AS content
    FROM flat WHERE list_contains(failed, 'frozen_feed')
    GROUP BY ALL
)
GROUP BY content

-- step: sites
SELECT site, pages, snapshots, first_on, last_on FROM sites
-- step: by_hand_sites
SELECT
    site, count(DISTINCT document_id) AS pages, count(DISTINCT snapshot_id) AS snapshots,
    min(observed_on) AS first_on, max(observed_on) AS last_on
FROM flat GROUP BY site

-- step: latest_readings
SELECT station_id, temperature_c, observed_at FROM latest_readings
-- step: by_hand_latest_readings
SELECT station_id, temperature_c, observed_at
FROM flat
WHERE observed_on = (SELECT max(observed_on) FROM flat) AND flag <= 2 AND temperature_c IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY station_id ORDER BY observed_at DESC) = 1
