-- The time and the usable readings of each snapshot (filled by
-- nalssi/quality/snapshot_summary.sql). Views that joined the three tables behind it read all
-- flags, whatever the day.
CREATE TABLE conclusions (
    snapshot_id VARCHAR NOT NULL,
    observed_on DATE,
    observed_at TIMESTAMPTZ,
    hour_source VARCHAR,
    usable SMALLINT NOT NULL,
    unusable SMALLINT[] NOT NULL
);
