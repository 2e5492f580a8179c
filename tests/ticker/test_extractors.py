"""Tickers are read exactly from the text that common extractors make of HTML."""

from __future__ import annotations

import polars as pl
import pytest

from nalssi.common.known_names import station_names
from tests.ticker.extractor_output import EXTRACTORS, Ticker, as_html
from tests.ticker.read_text import read
from tests.ticker.test_samples import COLUMNS, GOLDEN

WEEKDAYS = "월화수목금토일"
STATIONS = dict(station_names().iter_rows())

# The hyphen is the condition of stations that do not observe the weather; ten a page in 2018.
DASHES = Ticker(
    "2018.03.24 (토)",
    [
        *(("동두천", "-", 3.8), ("강릉", "-", 9.9), ("서울", "연무", 5.0), ("대전", "맑음", 3.7)),
        *(("대구", "구름조금", 6.3), ("울산", "맑음", 6.1), ("광주", "맑음", 4.1)),
        *(("부산", "맑음", 8.5), ("고창", "-", 1.3), ("제주", "맑음", 8.5), ("강화", "-", 2.9)),
        *(("보은", "-", 1.2), ("금산", "-", -0.3), ("강진군", "-", 1.5), ("거제", "-", 4.7)),
    ],
)
MISSING = Ticker(
    "2026.03.02(월)",
    [
        *(("속초", "흐림", 3.9), ("철원", "비 또는 눈", None), ("대관령", "눈", -11.4)),
        *(("서울", None, -0.1), ("홍성(예)", "맑음", 5.8), ("고창", "맑음", None)),
        ("진도(첨찰산)", "-", 30.2),
    ],
)


def samples() -> dict[str, Ticker]:
    """Return the lists of the golden files, in other layouts than on their sample pages."""
    found = {}
    for number, path in enumerate(sorted(GOLDEN.glob("*.csv"))):
        rows = pl.read_csv(path, schema=COLUMNS).filter(pl.col("reject").is_null())
        day = rows["observed"].drop_nulls().str.head(10).unique(maintain_order=True)
        if rows.is_empty() or rows["station_id"].is_duplicated().any():
            continue
        date = ""
        if not day.is_empty():
            stated = day.str.to_date()[0]
            date = f"{stated:%Y.%m.%d} ({WEEKDAYS[stated.weekday()]})"
        lines = [
            ("" if source == "order" else name, word, value)
            for name, source, word, value in rows.select(
                "station", "station_source", "condition_raw", "temperature_c"
            ).rows()
        ]
        # with an end mark behind it, `강릉 13.1℃ 흐림 속초 4.0℃` is no list whose last condition is
        # missing, but one whose first is
        end = "기상청 제공" if number % 2 and lines[-1][1] else ""
        found[path.stem] = Ticker(date, lines, end, number % 3 == 0, number % 4 == 3)
    return found


TICKERS = {**samples(), "dashes": DASHES, "missing": MISSING}


@pytest.mark.parametrize("extractor", EXTRACTORS)
@pytest.mark.parametrize("spaced", [True, False])
def test_every_list_is_read_whole_from_the_text_of_every_extractor(extractor, spaced):
    texts = [EXTRACTORS[extractor](as_html(ticker, spaced=spaced)) for ticker in TICKERS.values()]
    found = read(*texts)
    assert found.rejects.height == 0
    assert found.ticker_lines == found.lines.height
    pages = found.documents.select("document_id", "uri")
    lines = found.lines.join(pages, on="document_id")
    sightings = found.sightings.join(pages, on="document_id")
    for number, (name, ticker) in enumerate(TICKERS.items()):
        of_page = pl.col("uri") == f"page:{number}"
        read_back = lines.filter(of_page).select("station_id", "condition_raw", "temperature_c")
        stations, words, values = zip(*read_back.rows(), strict=True)
        assert list(values) == [value for _, _, value in ticker.lines], name
        # a hyphen that begins every line cannot be told from a bullet
        assert [word or "-" for word in words] == [word or "-" for _, word, _ in ticker.lines], name
        assert [
            station if printed else None
            for station, (printed, _, _) in zip(stations, ticker.lines, strict=True)
        ] == [STATIONS.get(printed) for printed, _, _ in ticker.lines], name
        dates = sightings.filter(of_page)["printed_on"].cast(pl.String).to_list()
        expected = ticker.date.split("(")[0].strip().replace(".", "-") or None
        assert dates == [expected], name
