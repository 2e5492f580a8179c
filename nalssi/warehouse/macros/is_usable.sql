-- The definition of a usable reading, given its snapshot's row in `conclusions`: it has a
-- temperature, the quality tests have not excluded it, and its date is not false.
-- - temperature_c: the reading's temperature
-- - station_id: the reading's station
-- - unusable: `conclusions.unusable`, the stations of the snapshot that are excluded
temperature_c IS NOT NULL AND NOT list_contains(unusable, station_id)
