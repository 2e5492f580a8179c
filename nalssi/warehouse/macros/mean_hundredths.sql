-- The mean of temperatures with at most two decimals, rounded to hundredths. It is an aggregate. It
-- adds whole hundredths, because sums of fractions depend on the order of addition.
-- - temperature_c: the temperature
round(avg(round(temperature_c * 100)::INTEGER)) / 100
