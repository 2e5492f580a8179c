-- The newest usable reading of each open station on the newest day that has one, with the site of its
-- first capture. Stations without a reading on that day have no row.
SELECT
    latest_readings.station_id,
    latest_readings.observed_on,
    latest_readings.clock_at,
    latest_readings.clock_source,
    condition_raw AS condition_ko,
    coalesce(meaning_en, latest_readings.condition) AS condition_en,
    latest_readings.temperature_c,
    site
FROM latest_readings
JOIN readings USING (snapshot_id, station_id)
JOIN conclusions USING (snapshot_id)
LEFT JOIN documents ON document_id = first_document_id
LEFT JOIN conditions ON condition_raw = word
ORDER BY station_id
