"""The two languages of the gallery say the same things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from string import Formatter

import pytest

from nalssi.locale.gallery_phrases import EN, KO, Phrases
from schemas.vocabulary import DATE_SOURCES, REJECT_REASONS


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("name", [field.name for field in fields(Phrases)])
def test_a_phrase_has_the_same_blanks_in_both_languages(name: str) -> None:
    korean, english = getattr(KO, name), getattr(EN, name)
    if isinstance(korean, str):
        # An English month needs its name; the year alone is the same in both.
        assert blanks(korean) - {"month"} == blanks(english) - {"month_name"}
        assert korean
        assert english
    elif isinstance(korean, Mapping):
        assert korean.keys() == english.keys()
    else:
        assert len(korean) == len(english)


@pytest.mark.parametrize("words", [KO, EN])
def test_every_reason_and_every_source_of_a_date_has_a_phrase(words: Phrases) -> None:
    assert set(words.reasons) == set(REJECT_REASONS)
    assert set(words.date_sources) == set(DATE_SOURCES)
