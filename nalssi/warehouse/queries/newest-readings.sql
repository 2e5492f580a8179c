-- The newest temperature of each station on the newest day, from the warmest.
SELECT name_ko, name_en, observed_on, clock_at, condition, temperature_c
FROM latest_readings
ORDER BY temperature_c DESC, station_id
