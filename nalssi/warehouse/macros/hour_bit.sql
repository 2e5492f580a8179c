-- A bit for the hour of the day (KST): `bit_or` over several instants is the set of their hours, and
-- `bit_count` counts the hours. This is faster than `count(DISTINCT hour)`. Null if the instant is
-- null.
-- - instant: the instant
1 << (((epoch_us(instant) + 32_400_000_000) // 3_600_000_000) % 24)::INTEGER
