"""Choose the form of Korean particles by the sound before them: 강릉이, 제주가.

Phrases have both forms, such as `{name}이(가)`. The form depends on whether the word before it
ends in a consonant.
"""

from __future__ import annotations

import re
from typing import Final

_PARTICLE: Final = re.compile(r"(\S)(은\(는\)|이\(가\)|을\(를\)|와\(과\))")
FORMS: Final = {  # after a consonant, after a vowel
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "와(과)": ("과", "와"),
}
FIRST_SYLLABLE, LAST_SYLLABLE = 0xAC00, 0xD7A3
FINALS: Final = 28
"""The number of Hangul syllables that differ only in their final consonant. Unicode lists them one
after another; the first has no final consonant."""
CONSONANT_DIGITS: Final = "013678"
"""The digits whose Korean names end in a consonant: 영, 일, 삼, 육, 칠, 팔."""
CONSONANT_LETTERS: Final = "lmnrLMNR"
"""The Latin letters whose Korean names end in a consonant: 엘, 엠, 엔, 알."""


def ends_in_consonant(character: str) -> bool:
    """Return whether a character, as it is read in Korean, ends in a consonant.

    A character that is not read, such as a bracket, counts as a vowel.
    """
    code = ord(character)
    if FIRST_SYLLABLE <= code <= LAST_SYLLABLE:
        return (code - FIRST_SYLLABLE) % FINALS != 0
    return character in CONSONANT_DIGITS + CONSONANT_LETTERS


def with_particles(text: str) -> str:
    """Replace each particle written in both forms, such as `이(가)`, by one of its forms.

    The sound before it decides: `이` follows a consonant, `가` a vowel.
    """

    def choose(match: re.Match[str]) -> str:
        before, particle = match.groups()
        after_consonant, after_vowel = FORMS[particle]
        return before + (after_consonant if ends_in_consonant(before) else after_vowel)

    return _PARTICLE.sub(choose, text)
