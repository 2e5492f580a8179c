-- The highest and lowest temperature of every station, with the days that the record rests on.
SELECT name_ko, name_en, max_c, max_on, min_c, min_on, first_on, last_on, days, representative_days
FROM station_records
ORDER BY station_id
