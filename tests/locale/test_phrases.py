"""The catalogues say the same things in each language, and templates use only what they have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest

import nalssi.charts
import nalssi.drawing
import nalssi.gallery
import nalssi.locale
from nalssi.charts.symbol_shapes import SYMBOLS, symbol_name
from nalssi.locale.chart_phrases import ChartPhrases
from nalssi.locale.finding_phrases import FindingPhrases
from nalssi.locale.gallery_phrases import GalleryPhrases
from nalssi.locale.locales import LOCALES, Locale
from nalssi.locale.publication_phrases import PublicationPhrases
from nalssi.locale.time_chart_phrases import TimeChartPhrases
from schemas.vocabulary import DATE_SOURCES, QUALITY_TESTS, REJECT_REASONS

KOREAN = LOCALES["ko"]
TEMPLATES = Path(nalssi.gallery.__file__).parent / "templates"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(
    ("catalogue", "name"),
    [("charts", field.name) for field in fields(ChartPhrases)]
    + [("gallery", field.name) for field in fields(GalleryPhrases)]
    + [("publication", field.name) for field in fields(PublicationPhrases)]
    + [("finding", field.name) for field in fields(FindingPhrases)]
    + [("times", field.name) for field in fields(TimeChartPhrases)],
)
def test_a_phrase_has_the_same_placeholders_in_every_language(catalogue: str, name: str) -> None:
    korean = getattr(getattr(KOREAN, catalogue), name)
    for locale in LOCALES.values():
        phrase = getattr(getattr(locale, catalogue), name)
        if isinstance(korean, str):
            # The month of a date may be its number or its name.
            month = {"month", "month_name"}
            assert placeholders(korean) - month == placeholders(phrase) - month
            assert phrase
        elif isinstance(korean, Mapping):
            assert phrase.keys() == korean.keys()
        else:
            assert len(phrase) == len(korean)


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES)
def test_every_reject_reason_and_every_date_source_has_a_phrase(locale: Locale) -> None:
    assert set(locale.gallery.reasons) == set(REJECT_REASONS)
    assert set(locale.gallery.date_sources) == set(DATE_SOURCES)


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES)
def test_every_check_has_a_name(locale: Locale) -> None:
    assert locale.charts.check_names.keys() == set(QUALITY_TESTS)


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES)
def test_every_weather_symbol_has_a_name_of_its_own(locale: Locale) -> None:
    assert locale.charts.weather_groups.keys() <= SYMBOLS.keys()
    names = {symbol_name(symbol, locale) for symbol in SYMBOLS}
    assert len(names) == len(SYMBOLS), f"weather_groups of {locale.lang!r} in nalssi/locale"


def test_templates_use_only_phrases_that_are_declared() -> None:
    declared = {
        "phrases": GalleryPhrases,
        "locale.charts": ChartPhrases,
        "locale.publication": PublicationPhrases,
        "locale.finding": FindingPhrases,
    }
    for file in TEMPLATES.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        for catalogue, name in re.findall(
            r"\b(phrases|locale\.charts|locale\.publication|locale\.finding)\.(\w+)", text
        ):
            assert name in {field.name for field in fields(declared[catalogue])}, file.name


def test_every_phrase_is_used() -> None:
    files = [*TEMPLATES.glob("*.html")]
    for package in (nalssi.charts, nalssi.drawing, nalssi.gallery, nalssi.locale):
        files += Path(str(package.__file__)).parent.glob("*.py")
    used = set(re.findall(r"\.(\w+)", "\n".join(f.read_text(encoding="utf-8") for f in files)))
    for catalogue in (ChartPhrases, GalleryPhrases, PublicationPhrases, FindingPhrases):
        assert {field.name for field in fields(catalogue)} <= used


@pytest.mark.parametrize(
    ("temperature_c", "korean", "english"),
    [
        (21.46, "21.5도", "21.5°C"),
        (-3.2, "영하 3.2도", "\N{MINUS SIGN}3.2°C"),
        (-0.04, "0.0도", "0.0°C"),
    ],
)
def test_a_sentence_has_the_sign_of_its_language(
    temperature_c: float, korean: str, english: str
) -> None:
    assert LOCALES["ko"].degrees_in_words(temperature_c) == korean
    assert LOCALES["en"].degrees_in_words(temperature_c) == english
