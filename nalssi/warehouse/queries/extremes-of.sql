-- The hottest and coldest days of a year, and the largest changes from one day to the next.
-- - year: the year, e.g. 2025
SELECT
    kind, place, observed_on, name_ko, name_en, temperature_c, change_c, compared,
    lists, hours, first_at, last_at, representative
FROM extremes
WHERE year = $year::INTEGER
ORDER BY kind, place
