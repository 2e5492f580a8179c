"""The source that a workbook states. It is imported and read only when a workbook is written."""

from __future__ import annotations

from collections.abc import Mapping


def source() -> Mapping[str, object]:
    """Return the generator, the attribution and the time of export."""
    from nalssi.export.manifest import source_facts

    return source_facts()
