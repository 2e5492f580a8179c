-- Cold waves: runs of days of at most -12 °C at a station, longest first, with the days nobody saw.
-- - at_least: shortest run to show, in days
SELECT name_ko, name_en, first_on, last_on, length, days, unproved, unseen, extreme_c
FROM spells
WHERE kind = 'cold_wave' AND length >= $at_least::INTEGER
ORDER BY length DESC, first_on, station_id
