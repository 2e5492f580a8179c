-- Each observation names its source. Older versions read files of KMA's data portal only.
ALTER TABLE observations ADD COLUMN source VARCHAR DEFAULT 'portal';

ALTER TABLE observations ALTER COLUMN source SET NOT NULL;

ALTER TABLE observations ALTER COLUMN source DROP DEFAULT;

-- Hours whose observations changed since snapshots were last compared with them. An hour can stand
-- here more than once.
CREATE TABLE meta.changed_hours (
    observed_at TIMESTAMPTZ NOT NULL
);
