-- Gaps in the records of the stations, longest first. A gap is days without a usable reading.
-- - at_least: shortest gap to show, in days
SELECT name_ko, name_en, last_on + 1 AS gap_from, gap_days
FROM coverage
WHERE gap_days >= $at_least::INTEGER
ORDER BY gap_days DESC, gap_from, name_ko
