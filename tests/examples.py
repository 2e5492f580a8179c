"""The number of examples of a property that costs much time."""

from __future__ import annotations

from hypothesis import settings

USUAL = 100
"""The number of examples that Hypothesis tries by default."""


def examples(number: int) -> settings:
    """Try `number` examples in the profile `many`, and a tenth of them in others."""
    return settings(max_examples=-(-number * settings().max_examples // USUAL))
