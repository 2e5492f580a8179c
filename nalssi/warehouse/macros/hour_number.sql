-- Whole hours since 1970-01-01 UTC, rounded down. Null if the instant is null.
-- - instant: the instant
epoch_us(instant) // 3_600_000_000
