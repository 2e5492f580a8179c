"""Properties of the grammar that hold for every ticker and for every text."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import example, given
from hypothesis import strategies as st

from nalssi.common.reference import reference
from nalssi.common.ticker_symbols import BULLETS, CELSIUS, DEGREES, UNIT
from schemas.contracts import check
from schemas.temperature_limits import HIGHEST_TEMPERATURE_C, LOWEST_TEMPERATURE_C
from tests.examples import examples
from tests.ticker.read_text import read, readings

NAMES = {row["station_id"]: row["name_ko"] for row in reference("stations").iter_rows(named=True)}
UNITS = [UNIT, *(sign + blank + c for sign in DEGREES for blank in ("", " ") for c in CELSIUS)]
WORDS = reference("conditions")["word"].to_list()


@dataclass(frozen=True)
class Dialect:
    """One way to print a ticker, in which no line is ambiguous."""

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
printed_tenths = st.integers(LOWEST_TEMPERATURE_C * 10, HIGHEST_TEMPERATURE_C * 10)
temperatures = st.none() | printed_tenths


@given(
    dialect=dialects,
    stations=st.lists(st.sampled_from(sorted(NAMES)), min_size=3, max_size=97, unique=True),
    values=st.lists(st.tuples(st.sampled_from(WORDS), temperatures), min_size=97, max_size=97),
    anchors=st.tuples(*[printed_tenths] * 3),
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


def on_one_line(cells: list[list[str]]) -> str:
    return " ".join(cell for line in cells for cell in line)


def a_cell_a_line(cells: list[list[str]]) -> str:
    return "\n".join(cell for line in cells for cell in line)


def in_bars(cells: list[list[str]]) -> str:
    return "|".join(cell for line in cells for cell in line)


def in_bars_a_line(cells: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def in_two_columns(cells: list[list[str]]) -> str:
    lines = [" ".join(line) for line in cells]
    return "\n".join(" ".join(lines[n : n + 2]) for n in range(0, len(lines), 2))


@given(
    form=st.sampled_from([on_one_line, a_cell_a_line, in_bars, in_bars_a_line, in_two_columns]),
    bullet=st.sampled_from(["", "•", "·"]),
    apart=st.booleans(),
    unit=st.sampled_from([UNIT, "°C"]),
    around=st.sampled_from([("", ""), ("즐겨찾기", "로그인"), ("2025.12.19 (금)", "기상청 제공")]),
    stations=st.lists(st.sampled_from(sorted(NAMES)), min_size=3, max_size=40, unique=True),
    values=st.lists(
        st.tuples(st.sampled_from(WORDS), printed_tenths),
        min_size=40,
        max_size=40,
    ),
)
@examples(60)
def test_any_readings_are_read_back_from_text_in_any_form(
    form, bullet, apart, unit, around, stations, values
):
    readings_printed = list(zip(stations, values, strict=False))
    cells = [
        [
            *([bullet] if bullet else []),
            word,
            *([NAMES[station], f"{tenths / 10:.1f}{unit}"] if apart else []),
            *([f"{NAMES[station]} {tenths / 10:.1f}{unit}"] if not apart else []),
        ]
        for station, (word, tenths) in readings_printed
    ]
    found = read("\n".join([around[0], form(cells), around[1]]))
    # a hyphen before every line is a bullet
    assert [(station, word or "-", value) for station, word, value in readings(found)] == [
        (station, word, tenths / 10) for station, (word, tenths) in readings_printed
    ]
    assert (found.rejects.height, found.ticker_lines) == (0, len(stations))


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
        "맑음 속초 1.0℃ 흐림 서울 2.0℃ 비 부산 3.0℃ ",
        "• 맑음속초 1.0℃ • 흐림서울 2.0℃ • 비부산 3.0℃ ",
        "맑음\n속초 1.0℃\n흐림\n서울 2.0℃\n비\n부산\n3.0℃\n",
        "|",
        "? ",
        "8.6도",
    ]
)
anything = st.lists(pieces | st.text(max_size=5), max_size=60).map("".join) | st.text(max_size=300)


# A batch of texts costs little more than one text, so few batches read many texts.
@given(texts=st.lists(anything, min_size=4, max_size=8))
@example(texts=["℃"])
@example(texts=["• 맑음속초 1.0℃\n• 흐림서울 2.0℃\n• 비부산 3.0℃\n\x00• ℃\n• 1.0℃"])
@examples(100)
def test_any_text_is_read_without_an_error_and_all_ticker_lines_are_counted(texts):
    found = read(*texts)
    dates = found.rejects["reason"].is_in(["impossible_date", "weekday_mismatch"]).sum()
    assert found.ticker_lines == found.lines.height + found.rejects.height - dates
    for table in ("documents", "snapshots", "readings", "rejects"):
        check(table, getattr(found, table))
    # a reading on several lines is shown on one line
    pages = ["".join(page.split()) for page in texts]
    rejected = ["".join(text.split()) for text in found.rejects["text"]]
    assert all(any(text in page for page in pages) for text in rejected)
