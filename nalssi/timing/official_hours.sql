-- Official temperatures by whole hours since 1970 (UTC), in tenths of a degree. $sources names the
-- sources to read.

-- step: hours
SELECT DISTINCT epoch(observed_at)::BIGINT // 3600 AS hour
FROM observations
WHERE list_contains($sources, source)
ORDER BY hour;

-- step: tenths
SELECT
    (epoch(observed_at)::BIGINT // 3600)::INTEGER AS hour,
    station_id,
    round(temperature_c * 10)::SMALLINT AS tenths
FROM observations
WHERE list_contains($sources, source);
