"""The form of the ids of documents, snapshots and loads. `nalssi.common.ids` makes them."""

from __future__ import annotations

HEX_ID = r"^[a-f][0-9a-f]{15}$"
"""An id: 16 hex digits, the first of them a letter, so that no program reads an id as a number."""
LAST_DAY_OF_IDS = 0xFFFF
"""The largest number of days since 1970-01-01 that a snapshot's id can have: 2149-06-06. Later days
get this number, and days before 1970 get 0."""
