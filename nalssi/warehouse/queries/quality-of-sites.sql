-- Which quality tests the readings of each site failed, by month.
SELECT site, month, test, not_evaluated, suspect, failed, missing, readings, share
FROM quality_summary
ORDER BY site, month, test
