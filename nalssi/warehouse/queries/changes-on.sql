-- How much warmer or colder each station was than at the same hour of the most recent earlier day,
-- on one day. Without a change, `reason` says why.
-- - day: the day, e.g. 2025-12-19
SELECT name_ko, name_en, clock_at, clock_source, temperature_c, change_c, reason, before_at, before_c
FROM hourly_changes
WHERE observed_on = $day::DATE
ORDER BY clock_at, region_id, station_id, observation_id
