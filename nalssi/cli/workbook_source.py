"""The source that a workbook of a command states in its sheet `about`.

The function imports its library only when a workbook is written.
"""

from __future__ import annotations

from collections.abc import Mapping


def source() -> Mapping[str, object]:
    """Return the generator, the attribution and the time of export (`manifest.source_facts`)."""
    from nalssi.export.manifest import source_facts

    return source_facts()
