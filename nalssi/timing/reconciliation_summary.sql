-- Summarize `reconciliations`.

-- step: verdicts
SELECT verdict, count(*) AS snapshots, count(observed_at) AS timed, median(distance_c) AS distance_c
FROM reconciliations
GROUP BY verdict
ORDER BY snapshots DESC, verdict;

-- step: feed
-- Snapshots whose feed states the hour: the comparison is a check of it.
SELECT
    count(*) FILTER (reconciliations.observed_at = snapshots.observed_at) AS confirmed,
    count(*) FILTER (reconciliations.observed_at <> snapshots.observed_at) AS contradicted,
    count(*) FILTER (reconciliations.observed_at IS NULL) AS undecided
FROM snapshots JOIN reconciliations USING (snapshot_id)
WHERE snapshots.observed_at IS NOT NULL;

-- step: stations
-- Printed minus official temperature by station, over the snapshots whose hour was found. The
-- standard error is that of a median of normal values. The spread is at least half a tenth, which
-- rounding alone causes.
WITH residuals AS (
    SELECT readings.station_id, round(readings.temperature_c - observations.temperature_c, 1) AS residual_c
    FROM reconciliations
    JOIN readings USING (snapshot_id)
    JOIN observations
        ON observations.station_id = readings.station_id
        AND observations.observed_at = reconciliations.observed_at
    WHERE readings.temperature_c IS NOT NULL
), spreads AS (
    SELECT
        station_id,
        count(*) AS readings,
        count(*) FILTER (residual_c = 0) AS equal,
        median(residual_c) AS median_c,
        greatest(1.4826 * mad(residual_c), 0.05) AS spread_c
    FROM residuals
    GROUP BY station_id
)
SELECT
    station_id,
    readings,
    equal,
    round(median_c, 2) AS median_c,
    round(spread_c, 2) AS spread_c,
    abs(median_c) >= $min_bias_c
        AND readings >= $min_readings
        AND abs(median_c) > 3 * 1.2533 * spread_c / sqrt(readings) AS biased
FROM spreads
ORDER BY station_id;
