-- Two stations by day, from the observations that have both.
-- Parameters: station, other (numbers); since, until (days, KST), which select everything if null.
SELECT
    this.observed_on,
    mean_hundredths(this.temperature_c) AS mean_c,
    mean_hundredths(other.temperature_c) AS other_c,
    mean_hundredths(this.temperature_c - other.temperature_c)
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
