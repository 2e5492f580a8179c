-- The days of a period, each compared with a day of another period. Only observations of one station
-- and of like hours (known or captured, at most one hour apart) are compared: each of this period
-- with the nearest of the other day. A day's value is the mean of its stations' means.
-- Parameters: days, other_days (lists of the same length: the days to compare with each other);
-- region, station (numbers), which select everything if null.
WITH compared_days AS (SELECT unnest($days) AS observed_on, unnest($other_days) AS other_on),
pairs AS (
    SELECT
        this.observed_on,
        station_id,
        round(this.temperature_c * 10)::INTEGER AS tenths,
        round(other.temperature_c * 10)::INTEGER AS other_tenths,
        this.clock_at
    FROM (SELECT * FROM hourly_stations JOIN compared_days USING (observed_on)) AS this
    JOIN hourly_stations AS other USING (station_id)
    WHERE other.observed_on = this.other_on
        AND ($region IS NULL OR this.region_id = $region)
        AND ($station IS NULL OR station_id = $station)
        AND abs(
            hour_number(this.clock_at) - hour_number(other.clock_at)
            - 24 * (this.observed_on - other.observed_on)
        ) <= 1
    QUALIFY row_number() OVER (
        PARTITION BY this.observed_on, station_id, this.observation_id
        ORDER BY
            abs(
                hour_number(this.clock_at) - hour_number(other.clock_at)
                - 24 * (this.observed_on - other.observed_on)
            ),
            other.clock_source = 'capture',
            other.temperature_c,
            other.observation_id
    ) = 1
),
station_days AS (
    SELECT
        observed_on,
        station_id,
        round(avg(tenths * 10))::INTEGER AS mean,
        round(avg(other_tenths * 10))::INTEGER AS other_mean,
        round(avg((tenths - other_tenths) * 10))::INTEGER AS difference,
        count(*) AS pairs,
        is_representative(bit_count(bit_or(hour_bit(clock_at))), 24) AS representative
    FROM pairs
    GROUP BY observed_on, station_id
)
SELECT
    observed_on,
    round(avg(mean)) / 100 AS mean_c,
    round(avg(other_mean)) / 100 AS other_c,
    round(avg(difference)) / 100 AS difference_c,
    sum(pairs)::BIGINT AS pairs,
    count(*) AS stations,
    bool_and(representative) AS representative
FROM station_days
GROUP BY observed_on
ORDER BY observed_on
