"""Check the fonts of charts: without Hangul glyphs, pictures show boxes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nalssi.doctor.findings import Finding

HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)
"""The code points of the 11,172 Hangul syllables."""


def check_fonts() -> Iterator[Finding]:
    """Yield a finding for each font file of charts that cannot be read or lacks Hangul syllables.

    If a font file is missing, this is the only finding.
    """
    from nalssi.charts.theme import font_files  # imports matplotlib, which only this check needs

    try:
        files = font_files()
    except FileNotFoundError as error:
        yield Finding("fonts", "error", str(error), "pip install koreanize-matplotlib")
        return
    for file in files.values():
        if missing := _missing_glyphs(file):
            yield Finding(
                "fonts",
                "error",
                f"{file}: {missing}",
                "pip install --force-reinstall koreanize-matplotlib",
            )


def _missing_glyphs(file: Path) -> str | None:
    """Return what is wrong with a font file, or None."""
    from matplotlib.ft2font import FT2Font

    try:
        glyphs = FT2Font(str(file)).get_charmap()
    except (OSError, RuntimeError) as error:
        return f"cannot be read ({error})"
    missing = sum(syllable not in glyphs for syllable in HANGUL_SYLLABLES)
    return f"lacks {missing:,} Hangul syllables" if missing else None
