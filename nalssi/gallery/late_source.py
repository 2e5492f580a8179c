"""A source that is late: not fetched for several of its intervals. The Atom feed reports it.

`nalssi.capture` finds such sources. It is a higher package, so flows pass them to the gallery.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class LateSource:
    """A source that was not fetched for several of its intervals.

    `since` is the last successful capture; if there is none (`ever_fetched` is false), it is the
    first attempt.
    """

    source: str
    since: datetime
    ever_fetched: bool = True
