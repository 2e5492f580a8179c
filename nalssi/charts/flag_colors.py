"""The colors of flags, for the quality chart and the gallery's style sheet.

Good and suspect have the sky blue and the orange of Okabe and Ito's palette, which is safe for
color blindness. Not evaluated is a lighter blue, failed a dark red-orange; missing and closed
stations are gray.
"""

from __future__ import annotations

from typing import Final

from nalssi.charts.snapshot_data import FLAG_CLOSED_STATION
from schemas.vocabulary import (
    FLAG_FAIL,
    FLAG_GOOD,
    FLAG_MISSING,
    FLAG_NOT_EVALUATED,
    FLAG_SUSPECT,
)

FLAG_COLORS: Final = {
    FLAG_GOOD: "#56b4e9",
    FLAG_NOT_EVALUATED: "#bfe0f5",
    FLAG_SUSPECT: "#e69f00",
    FLAG_FAIL: "#a23b00",
    FLAG_MISSING: "#b8b8b8",
    FLAG_CLOSED_STATION: "#6e6e6e",
}
"""The colors by flag, in the order in which shares of flags are stacked."""
