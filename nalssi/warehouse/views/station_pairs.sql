-- A row is two stations in one distinct observation, so at the same hour, even if the hour is unknown.
-- Filter it by both stations: all pairs of a day are many rows.
-- - observed_on: day (KST); null if unknown
-- - clock_at: hour of observation, or else the first capture if it was on that day; null otherwise
-- - clock_source: source of `clock_at`: feed, official or capture; null if it is null
-- - station_id: KMA's station number
-- - name_ko: the station's name in Hangul
-- - name_en: the station's name in Latin letters
-- - region_id: number of the station's forecast region, from north to south
-- - other_id: number of the other station
-- - other_ko: its name in Hangul
-- - other_en: its name in Latin letters
-- - temperature_c: air temperature at the station [°C]
-- - other_c: air temperature at the other station [°C]
-- - difference_c: `temperature_c` minus `other_c` [°C]
-- - observation_id: the observation
SELECT
    this.observed_on,
    this.clock_at,
    this.clock_source,
    this.station_id,
    this.name_ko,
    this.name_en,
    this.region_id,
    other.station_id AS other_id,
    other.name_ko AS other_ko,
    other.name_en AS other_en,
    this.temperature_c,
    other.temperature_c AS other_c,
    round(this.temperature_c - other.temperature_c, 1) AS difference_c,
    observation_id
FROM hourly_stations AS this JOIN hourly_stations AS other USING (observation_id)
WHERE this.station_id <> other.station_id
