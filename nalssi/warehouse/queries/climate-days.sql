-- How many days of a kind each month had at each station, and how many days are unknown.
-- - kind: heat_wave, tropical_night, cold_wave, frost or ice
-- - year: the year, e.g. 2025
SELECT month, name_ko, name_en, days, other_days, unproved, unseen, coverage
FROM monthly_climate_days
WHERE kind = $kind AND year(month) = $year::INTEGER
ORDER BY month, station_id
