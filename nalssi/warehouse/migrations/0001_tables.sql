-- All tables of the warehouse, with the columns of their pandera models in schemas/. There are no
-- primary keys: they take 20 bytes per reading and make loads 3 to 20 times as slow. The ids depend
-- only on content, and a load inserts only ids that are not there yet (an anti-join).

CREATE TABLE documents (
    document_id VARCHAR NOT NULL,
    uri VARCHAR NOT NULL,
    site VARCHAR,
    media_type VARCHAR NOT NULL,
    captured_at TIMESTAMPTZ
);

CREATE TABLE snapshots (
    snapshot_id VARCHAR NOT NULL,
    observed_on DATE,
    observed_at TIMESTAMPTZ,
    station_count SMALLINT NOT NULL
);

CREATE TABLE sightings (
    document_id VARCHAR NOT NULL,
    snapshot_id VARCHAR NOT NULL,
    line INTEGER NOT NULL,
    printed_on DATE,
    date_source VARCHAR,
    parser_version INTEGER NOT NULL,
    load_id VARCHAR NOT NULL
);

CREATE TABLE readings (
    snapshot_id VARCHAR NOT NULL,
    station_id SMALLINT NOT NULL,
    station_source VARCHAR NOT NULL,
    condition VARCHAR,
    condition_raw VARCHAR,
    temperature_c DOUBLE
);

CREATE TABLE rejects (
    document_id VARCHAR NOT NULL,
    line INTEGER NOT NULL,
    text VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    parser_version INTEGER NOT NULL
);

CREATE TABLE quality (
    snapshot_id VARCHAR NOT NULL,
    station_id SMALLINT NOT NULL,
    flag TINYINT NOT NULL,
    failed VARCHAR[] NOT NULL
);

CREATE TABLE observations (
    station_id SMALLINT NOT NULL,
    observed_at TIMESTAMPTZ NOT NULL,
    temperature_c DOUBLE NOT NULL
);

CREATE TABLE reconciliations (
    snapshot_id VARCHAR NOT NULL,
    observed_at TIMESTAMPTZ,
    distance_c DOUBLE,
    margin_c DOUBLE,
    stations SMALLINT NOT NULL,
    searched VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL
);

CREATE TABLE loads (
    load_id VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ NOT NULL,
    flow_run_id VARCHAR,
    nalssi_version VARCHAR NOT NULL,
    parser_version INTEGER NOT NULL,
    sources_failed BIGINT NOT NULL,
    documents_read BIGINT NOT NULL,
    documents_with_ticker BIGINT NOT NULL,
    documents_new BIGINT NOT NULL,
    documents_skipped BIGINT NOT NULL,
    ticker_lines BIGINT NOT NULL,
    reading_lines BIGINT NOT NULL,
    rejected_lines BIGINT NOT NULL,
    rejected_dates BIGINT NOT NULL,
    snapshots_new BIGINT NOT NULL,
    sightings_new BIGINT NOT NULL,
    readings_new BIGINT NOT NULL
);

CREATE TABLE stations (
    station_id SMALLINT NOT NULL,
    name_ko VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    region_id TINYINT NOT NULL,
    province VARCHAR NOT NULL,
    latitude DOUBLE NOT NULL,
    longitude DOUBLE NOT NULL,
    elevation_m DOUBLE NOT NULL,
    opened_on DATE NOT NULL
);

CREATE TABLE station_history (
    station_id SMALLINT NOT NULL,
    name_ko VARCHAR NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    latitude DOUBLE NOT NULL,
    longitude DOUBLE NOT NULL,
    elevation_m DOUBLE NOT NULL
);

CREATE TABLE regions (
    region_id TINYINT NOT NULL,
    name_ko VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL
);

CREATE TABLE conditions (
    word VARCHAR NOT NULL,
    code VARCHAR,
    icon VARCHAR,
    meaning_en VARCHAR NOT NULL,
    "group" VARCHAR NOT NULL,
    seen_in VARCHAR NOT NULL
);

-- A digest of the text from which each view was created, to detect changed files.
CREATE TABLE meta.views (
    name VARCHAR NOT NULL,
    digest VARCHAR NOT NULL
);
