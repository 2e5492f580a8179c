-- The definition of a usable reading, given its snapshot's row in `conclusions`: it has a
-- temperature, and its flag is not 3, 4 or 9. Dates do not matter here: a snapshot whose
-- date is proved false has no day, or that of its known hour, so it counts on no false date.
-- - temperature_c: the reading's temperature
-- - station_id: the reading's station
-- - unusable: `conclusions.unusable`, the stations of the snapshot that are excluded
temperature_c IS NOT NULL AND NOT list_contains(unusable, station_id)
