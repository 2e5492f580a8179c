"""Measure texts from the widths of pairs of characters, which are measured once.

matplotlib takes 0.1 to 0.2 ms to measure a text, and charts have thousands of texts. NanumGothic
has no ligatures, and the distance between two characters depends on these two only. So the sum of
such distances is the width of a text, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.ft2font import FT2Font, LoadFlags

UNITS: Final = 64
"""The number of units in a pixel: lengths are in 1/64 pixels, to which FreeType rounds them."""


class TextMeasure:
    """Measures texts in a font at a size in points and a resolution. Lengths are in 1/64 pixels.

    `flags` say how the font is loaded, such as without hinting.
    """

    def __init__(self, face: FT2Font, size: float, dpi: float, flags: LoadFlags) -> None:
        self._face = face
        self._size = size
        self._dpi = dpi
        self._flags = flags
        self._extents: dict[str, tuple[int, int, int]] = {}
        self._steps: dict[str, int] = {}

    def positions(self, text: str) -> Sequence[int]:
        """Return the position at which each character begins, and the end of the text.

        Positions are along the baseline, in 1/64 pixels from the beginning of the text.
        """
        found = [0]
        steps = self._steps
        for index in range(len(text) - 1):
            pair = text[index : index + 2]
            step = steps.get(pair)
            if step is None:
                step = steps[pair] = self._measure(pair)[0] - self._extent(pair[1])[0]
            found.append(found[-1] + step)
        if text:
            found.append(found[-1] + self._extent(text[-1])[0])
        return found

    def width(self, text: str) -> int:
        """Return the width of a line of text in 1/64 pixels."""
        return self.positions(text)[-1]

    def height_and_descent(self, text: str) -> tuple[int, int]:
        """Return the height of a text, and how far it reaches below its baseline, in 1/64 pixels.

        The text must not be empty.
        """
        extents = list(map(self._extent, text))
        descent = max(below for _, _, below in extents)
        return max(high - below for _, high, below in extents) + descent, descent

    def _extent(self, character: str) -> tuple[int, int, int]:
        """Return the width, the height and the descent of a character in 1/64 pixels."""
        if character not in self._extents:
            self._extents[character] = self._measure(character)
        return self._extents[character]

    def _measure(self, text: str) -> tuple[int, int, int]:
        self._face.set_size(self._size, self._dpi)
        self._face.set_text(text, 0.0, flags=self._flags)
        width, height = self._face.get_width_height()
        return width, height, self._face.get_descent()
