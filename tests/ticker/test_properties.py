"""What holds for every ticker and for every text."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import example, given, settings
from hypothesis import strategies as st

from nalssi.reference import reference
from nalssi.ticker.lines import BULLETS, CELSIUS, DEGREES, UNIT
from schemas.contracts import check
from tests.ticker.pages import read, readings

NAMES = {row["station_id"]: row["name_ko"] for row in reference("stations").iter_rows(named=True)}
UNITS = [UNIT, *(sign + blank + c for sign in DEGREES for blank in ("", " ") for c in CELSIUS)]
WORDS = reference("conditions")["word"].to_list()


@dataclass(frozen=True)
class Dialect:
    """One way to print a ticker: nothing in it makes a line ambiguous."""

    bullet: str
    order: str
    unit: str
    minus: str
    line_end: str
    date: str

    def line(self, name: str, word: str | None, tenths: int | None) -> str:
        number = "" if tenths is None else f"{abs(tenths) // 10}.{abs(tenths) % 10}"
        sign = self.minus if tenths is not None and tenths < 0 else ""
        fields = {"station": name, "word": word or "", "t": f"{sign}{number}{self.unit}"}
        return self.bullet + " ".join(self.order.format(**fields).split())


dialects = st.builds(
    Dialect,
    bullet=st.sampled_from(
        ["", "- ", *(f"{mark} " for mark in BULLETS), "•", "  • ", "\u00a0•\u00a0"]
    ),
    order=st.sampled_from(
        [
            "{word}{station} {t}",
            "{word}{station}{t}",
            "{word} {station} {t}",
            "{station} {t}{word}",
            "{station} {t} {word}",
        ]
    ),
    unit=st.sampled_from(UNITS),
    minus=st.sampled_from(["-", "\u2212", "－"]),
    line_end=st.sampled_from(["\n", "\r\n", "\n\n"]),
    date=st.sampled_from(
        [
            "2025.12.19 (금)",
            "2026.02.17(화)",
            "최종편집: 2024-05-06 00:04",
            "",
            "2025.12.19 (금) 14:00",
        ]
    ),
)
temperatures = st.none() | st.integers(min_value=-600, max_value=600)


@given(
    dialect=dialects,
    stations=st.lists(st.sampled_from(sorted(NAMES)), min_size=3, max_size=97, unique=True),
    values=st.lists(st.tuples(st.sampled_from(WORDS), temperatures), min_size=97, max_size=97),
    anchors=st.tuples(*[st.integers(min_value=-600, max_value=600)] * 3),
)
def test_any_readings_printed_in_any_dialect_are_read_back(dialect, stations, values, anchors):
    # a run needs three lines with a number to be known as a ticker
    values = [(word, anchors[i] if i < 3 else tenths) for i, (word, tenths) in enumerate(values)]
    # without a bullet a leading hyphen would be one
    printed = [
        (station, "맑음" if word == "-" and not dialect.bullet.strip() else word, tenths)
        for station, (word, tenths) in zip(stations, values, strict=False)
    ]
    lines = [dialect.line(NAMES[station], word, tenths) for station, word, tenths in printed]
    page = dialect.line_end.join([dialect.date, "", *lines, "기상청 제공", ""])
    found = read(page)
    assert readings(found) == [
        (station, word, None if tenths is None else tenths / 10)
        for station, word, tenths in printed
    ]
    assert found.rejects.height == 0
    assert found.ticker_lines == len(printed)


pieces = st.sampled_from(
    [
        *"•·-*\n\r\t .℃0123456789()",
        "\n• ",
        "℃\n",
        "°C",
        "맑음",
        "비 또는 눈",
        "흐림",
        "강릉",
        "서울 ",
        "북강릉",
        "진도(첨찰산)",
        "기상청 제공\n",
        "2025.12.19 (금)\n",
        "최종편집: 2024-05-06\n",
        "\u200b",
        "−",
        "\x00",
        "• 맑음속초 1.0℃\n",
        "• 흐림서울 2.0℃\n",
        "• 비부산 3.0℃\n",
        "• 12.3℃\n",
        "1.5℃흐림\n",
    ]
)
anything = st.lists(pieces | st.text(max_size=5), max_size=60).map("".join) | st.text(max_size=300)


@given(texts=st.lists(anything, min_size=1, max_size=3))
@example(texts=["℃"])
@example(texts=["• 맑음속초 1.0℃\n• 흐림서울 2.0℃\n• 비부산 3.0℃\n\x00• ℃\n• 1.0℃"])
@settings(max_examples=300)
def test_any_text_is_read_without_an_error_and_nothing_gets_lost(texts):
    found = read(*texts)
    dates = found.rejects["reason"].is_in(["impossible_date", "weekday_mismatch"]).sum()
    assert found.ticker_lines == found.lines.height + found.rejects.height - dates
    for table in ("documents", "snapshots", "readings", "rejects"):
        check(table, getattr(found, table))
    texts_refused = found.rejects["text"].to_list()
    assert all(any(text in page for page in texts) for text in texts_refused)
