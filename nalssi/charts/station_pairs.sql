-- Two stations by day, from the observations that have both.
-- Parameters: station, other (numbers); since, until (days, KST), which select everything if null.
SELECT
    this.observed_on,
    round(avg(round(this.temperature_c * 10)::INTEGER * 10)) / 100 AS mean_c,
    round(avg(round(other.temperature_c * 10)::INTEGER * 10)) / 100 AS other_c,
    round(avg(round((this.temperature_c - other.temperature_c) * 10)::INTEGER * 10)) / 100
        AS difference_c,
    count(*) AS pairs,
    1 AS stations,
    is_representative(coalesce(bit_count(bit_or(hour_bit(this.clock_at))), 0), 24) AS representative
FROM hourly_stations AS this JOIN hourly_stations AS other USING (observation_id)
WHERE this.station_id = $station AND other.station_id = $other
    AND this.observed_on IS NOT NULL
    AND ($since IS NULL OR this.observed_on >= $since)
    AND ($until IS NULL OR this.observed_on <= $until)
GROUP BY this.observed_on
ORDER BY this.observed_on
