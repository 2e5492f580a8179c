-- What is concluded of each snapshot, in a row of its own (nalssi/quality/snapshot_summary.sql fills it):
-- views that had to put it together of three tables looked at all that is refused, whatever the day.
CREATE TABLE conclusions (
    snapshot_id VARCHAR NOT NULL,
    observed_on DATE,
    observed_at TIMESTAMPTZ,
    hour_source VARCHAR,
    usable SMALLINT NOT NULL,
    unusable SMALLINT[] NOT NULL
);
