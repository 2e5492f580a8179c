"""The temperatures that a reading or an observation may have.

The grammar rejects a printed value outside these limits (`unreadable_temperature`), the reader of
official hours refuses it, and the contracts forbid it. Rarer but possible values are stored and
flagged instead: see the range check in `nalssi/quality/thresholds.py`.

A change here changes what pages say: run `make new-grammar`.
"""

from __future__ import annotations

LOWEST_TEMPERATURE_C = -60
HIGHEST_TEMPERATURE_C = 60
