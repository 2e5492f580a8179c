"""Check the clock: capture times, intervals and the order of loads depend on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import duckdb

from nalssi.capture.landing import Landing
from nalssi.common.korea_time import KST, KST_HOURS
from nalssi.doctor.findings import Finding
from nalssi.warehouse import Warehouse, WarehouseError

TOLERANCE = timedelta(minutes=2)
"""A stored time may be later than now by this much, because the clocks of two machines that write
to one warehouse differ by seconds."""
SET_CLOCK = "set the clock, such as with: sudo timedatectl set-ntp true"

_NEWEST = """
    SELECT
        (SELECT max(finished_at) FROM loads),
        (SELECT count(*) FROM documents WHERE captured_at > $1),
        (SELECT max(captured_at) FROM documents)
"""


def check_clock(warehouse: Warehouse, now: datetime) -> Iterator[Finding]:
    """Yield a finding if the time zone data are wrong, and one for each kind of late stored times.

    A time is late if it is after `now` by more than TOLERANCE. The times are those of loads and
    documents in the published copy, and the newest attempt in the log of captures.
    """
    offset = datetime(2026, 1, 1, tzinfo=KST).utcoffset()
    if offset != timedelta(hours=KST_HOURS):
        yield Finding(
            "clock",
            "error",
            f"the time zone data says that Korea is {offset} ahead of UTC",
            "pip install --force-reinstall tzdata",
        )
    late = now + TOLERANCE
    if warehouse.published.exists():
        try:
            with warehouse.reader() as con:
                yield from _times_in_database(con, now, late)
        except WarehouseError:  # the check of databases reports it
            pass
    attempts = Landing(warehouse).attempts()
    if not attempts.is_empty() and (at := attempts["at"].max()) is not None:
        assert isinstance(at, datetime)
        if at > late:
            yield _behind("capture", at, now)


def _times_in_database(
    con: duckdb.DuckDBPyConnection, now: datetime, late: datetime
) -> Iterator[Finding]:
    ((finished, count, newest),) = con.execute(_NEWEST, [late]).fetchall()
    if finished and finished > late:
        yield _behind("load", finished, now)
    if count:
        yield Finding(
            "clock",
            "warning",
            f"{count:,} documents have a capture time in the future, up to"
            f" {newest.astimezone(KST):%Y-%m-%d %H:%M} KST",
            'list them: nalssi sql "SELECT uri, captured_at FROM documents WHERE captured_at >'
            ' now()"; nalssi forget --uri URI removes one',
        )


def _behind(what: str, at: datetime, now: datetime) -> Finding:
    hours = (at - now) / timedelta(hours=1)
    return Finding(
        "clock",
        "error",
        f"the clock is {hours:,.1f} hours behind the newest {what}"
        f" ({at.astimezone(KST):%Y-%m-%d %H:%M} KST)",
        SET_CLOCK,
    )
