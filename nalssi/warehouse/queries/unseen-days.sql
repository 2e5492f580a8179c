-- Days that nobody saw, at any station, between the first and the last day; longest runs first.
-- - at_least: shortest run to show, in days
SELECT first_on, last_on, days
FROM unseen_days
WHERE days >= $at_least::INTEGER
ORDER BY days DESC, first_on
