"""Check that the staged parts can be read. A damaged part makes each run fail that needs it."""

from __future__ import annotations

from collections.abc import Iterator

from nalssi.doctor.findings import Finding
from nalssi.part_tables import PartError, read_file
from nalssi.warehouse import Warehouse
from nalssi.warehouse.check_part import checked_tables
from schemas.contracts import ContractError

OTHER_FILES = ("counts", "problems")
"""The files of a part that `checked_tables` does not read. A run that finds the part reads them."""
_MOST_NAMED = 10


def check_staged_parts(warehouse: Warehouse) -> Iterator[Finding]:
    """Yield a finding for each part with a file that is missing, damaged or breaks a contract.

    After `_MOST_NAMED` of them, one more finding counts the others.
    """
    if not warehouse.staged.is_dir():
        return
    parts = sorted(
        path
        for path in warehouse.staged.iterdir()
        if (path / "counts.parquet").exists()
        or (path.is_dir() and not path.name.startswith((".", "fetched-")))
    )
    damaged = 0
    for part in parts:
        try:
            checked_tables(part)
            for table in OTHER_FILES:
                read_file(part, table)
        except (PartError, ContractError) as error:
            damaged += 1
            if damaged <= _MOST_NAMED:
                cause = str(error).partition(": remove the folder")[0]
                yield Finding(
                    "parts", "error", cause, f"rm -r {part}; the next run extracts it again"
                )
    if damaged > _MOST_NAMED:
        yield Finding(
            "parts",
            "error",
            f"{damaged - _MOST_NAMED:,} more parts cannot be read",
            f"rm -r {warehouse.staged}; the next run extracts all parts again",
        )
