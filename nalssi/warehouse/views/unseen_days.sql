-- A row is a run of days that nobody saw: no list has a usable reading. The runs are between the first
-- and the last day of the warehouse. View `coverage` has the gaps of each station.
-- - first_on: first day without a reading (KST)
-- - last_on: last day without a reading (KST)
-- - days: length of the run [days]
WITH seen AS (
    SELECT DISTINCT counts_on AS day FROM conclusions WHERE usable > 0 AND counts_on IS NOT NULL
)
SELECT
    lag(day) OVER (ORDER BY day) + 1 AS first_on,
    day - 1 AS last_on,
    last_on - first_on + 1 AS days
FROM seen
QUALIFY days > 0
