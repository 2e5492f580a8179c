-- Heat waves: runs of days of at least 33 °C at a station, longest first, with the days nobody saw.
-- - at_least: shortest run to show, in days
SELECT name_ko, name_en, first_on, last_on, length, days, unproved, unseen, extreme_c
FROM spells
WHERE kind = 'heat_wave' AND length >= $at_least::INTEGER
ORDER BY length DESC, first_on, station_id
