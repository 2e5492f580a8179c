-- The newest snapshot that has a selected reading. The view snapshot_recency defines the order.
SELECT snapshot_id
FROM snapshot_recency
SEMI JOIN (FROM readings_with_exclusion WHERE excluded_for IS NULL) AS selected USING (snapshot_id)
ORDER BY recency DESC
LIMIT 1
