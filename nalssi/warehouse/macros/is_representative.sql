-- The rule for "representative": at least 80 % of the values are there. KMA's yearbook (기상연보,
-- notes) and its guideline for climate statistics (기후통계지침, 2011) compute statistics of a day,
-- a month or a year from at least 80 % of the values. WMO-No. 1203 (2017) requires 80 % of the years
-- for a normal, and allows up to ten missing days in a month. So a day needs 20 of 24 hours.
-- - present: how many values there are
-- - expected: how many there would be without gaps
present >= 0.8 * expected
