"""The temperatures that a reading or an observation may have.

A value outside these limits is rejected: by the grammar if a page prints it
(`unreadable_temperature`), and by the reader of official hours. The contracts do not allow it in a
table. Values that are possible but rare are stored and flagged: see the range check in
`nalssi/quality/thresholds.py`. Limits within the thresholds `range_fail_…` may stay so: a value
beyond the limits is then rejected before it could fail.

A change here changes which readings pages give: run `make new-grammar`.
"""

from __future__ import annotations

LOWEST_TEMPERATURE_C = -60
HIGHEST_TEMPERATURE_C = 60
