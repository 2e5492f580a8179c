"""Make the corpora of the benchmarks: prose, pages with tickers, archives.

The corpora are the same on every machine. The words of the prose have a Zipf distribution, so that
the text repeats and compresses like real text. A page has about 4 kB. Some prose mentions
temperatures. Tickers are like those of real sites: a date, then always the same stations of one of
the LISTS, condition and name without a space; now and then a temperature is missing.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from nalssi.common.reference import reference

MADE = 2
"""The version of the corpora, a part of their file names. Raise it if the corpora change, so that
old files are not used."""
WORDS = 8000
WORDS_A_PAGE = 430  # of three Hangul syllables and a space: 4 kB in UTF-8
LISTS = (16, 16, 16, 17, 19, 22, 22, 29, 29, 44, 70, 97)
"""The numbers of stations in the lists: 33 on average. Real sites print 16 to 97."""
MISSING = 0.005
"""The share of lines without a temperature. KMA's feed has such lines too."""
CONDITIONS = ("맑음", "구름조금", "구름많음", "흐림", "비", "눈", "비 또는 눈", "박무")
FIRST_DAY = date(2018, 1, 1)
ROW_GROUP = 5000
"""The number of rows in a row group of a corpus. Published web corpora have 1,000 to 10,000."""


class Pages:
    """A generator of random texts of pages. The same seed gives the same texts, in order."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        vocabulary = np.random.default_rng(0)  # the language is the same in every corpus
        common = vocabulary.choice(np.arange(0xAC00, 0xD7A4), 900, replace=False)
        lengths = vocabulary.integers(1, 6, WORDS)
        self._words = ["".join(map(chr, vocabulary.choice(common, length))) for length in lengths]
        self._words[50] = "서울 -0.7도,"
        self._words[200] = "낮 최고기온은 5~11도로 예보됐다."
        weights = 1 / np.arange(10, WORDS + 10)
        self._shares = np.cumsum(weights / weights.sum())
        stations = reference("stations").sort("station_id")
        names = stations["name_ko"].to_list()
        self._lists = [
            [names[n] for n in np.sort(vocabulary.choice(len(names), size, replace=False))]
            for size in LISTS
        ]

    def prose(self, words: int = WORDS_A_PAGE) -> str:
        """Return random paragraphs with this number of words, without a temperature unit."""
        ranks = np.searchsorted(self._shares, self._random.random(words))
        drawn = [self._words[min(rank, WORDS - 1)] for rank in ranks.tolist()]
        return "\n".join(" ".join(drawn[start : start + 60]) for start in range(0, words, 60))

    def ticker(self) -> list[str]:
        """Return the lines of a random ticker: its date, its ticker lines, and the end mark."""
        stations = self._lists[self._random.integers(len(self._lists))]
        size = len(stations)
        day = FIRST_DAY + timedelta(days=int(self._random.integers(3000)))
        level = self._random.normal(12, 10)
        temperatures = np.clip(self._random.normal(level, 3, size), -30, 40).round(1)
        conditions = self._random.integers(len(CONDITIONS), size=size)
        missing = self._random.random(size) < MISSING
        weekday = "월화수목금토일"[day.weekday()]
        return [
            f"{day:%Y.%m.%d} ({weekday})",
            *(
                f"• {CONDITIONS[condition]}{station} {'' if gap else f'{temperature:.1f}'}℃"
                for station, condition, temperature, gap in zip(
                    *(stations, conditions.tolist(), temperatures.tolist(), missing.tolist()),
                    strict=True,
                )
            ),
            "기상청 제공",
        ]

    def text_with_ticker(self) -> str:
        """Return a page that has a ticker above its prose, about as long as other pages."""
        lines = self.ticker()
        return "\n".join([*lines, self.prose(max(60, WORDS_A_PAGE - 3 * len(lines)))])

    def html(self, *, with_ticker: bool) -> str:
        """Return an HTML page of some 30 kB like those of news sites: half is menus and markup."""
        menu = "".join(
            f'<li class="gnb-item depth-{n % 3}"><a href="/news/list.html?sc={n}">'
            f"{self._words[n % 200]}</a></li>\n"
            for n in range(120)
        )
        ticker = ""
        if with_ticker:
            day, *lines, end = self.ticker()
            items = "".join(f'<li class="icon_w">{line.removeprefix("• ")}</li>' for line in lines)
            ticker = (
                f'<p class="today_txt">{day}</p><ul class="weather_slide">{items}</ul>'
                f'<a class="wc" href="/w">{end}</a>'
            )
        paragraphs = "".join(
            f'<p style="text-align:justify">{line}</p>\n' for line in self.prose(900).splitlines()
        )
        return (
            '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>뉴스</title>'
            f"<script>{'var a=1;' * 400}</script><style>{'.a{{margin:0}}' * 200}</style></head>"
            f"<body><header>{ticker}<ul>{menu}</ul></header><article>{paragraphs}</article>"
            f"<footer><div><ul>{menu}</ul></div></footer></body></html>"
        )


def corpus(path: Path, pages: int, every: int, seed: int) -> Path:
    """Write a Parquet corpus of `pages` texts, unless it exists; one in `every` has a ticker.

    Columns: `text, url, date`. Returns `path`.
    """
    if path.exists():
        return path
    tools = Pages(seed)
    texts: list[str] = []
    frames: list[pl.DataFrame] = []
    for number in range(pages):
        hit = number % every == every // 2
        texts.append(tools.text_with_ticker() if hit else tools.prose())
        if len(texts) == 50_000 or number == pages - 1:
            frames.append(_with_places(texts, number + 1 - len(texts), seed))
            texts = []
    path.parent.mkdir(parents=True, exist_ok=True)
    being_made = path.with_suffix(".being-made")
    pl.concat(frames).write_parquet(being_made, row_group_size=ROW_GROUP)
    return being_made.rename(path)


def _with_places(texts: list[str], first: int, seed: int) -> pl.DataFrame:
    # Later than any ticker: a date printed after its capture would be impossible.
    captured = datetime(2026, 6, 1, tzinfo=UTC)
    numbers = range(first, first + len(texts))
    return pl.DataFrame(
        {
            "text": texts,
            "url": [f"https://www.site{n % 14}.example/{seed}/{n}" for n in numbers],
            "date": [(captured + timedelta(seconds=n)).isoformat() for n in numbers],
        }
    )


Form = Literal["pages", "coded", "wet"]
"""What an archive contains: HTML pages, HTML pages with a Content-Encoding, or texts (WET)."""


def archive(path: Path, form: Form, pages: int, every: int, seed: int) -> Path:
    """Write a gzipped web archive of `pages` pages, unless it exists. Return `path`.

    One page in `every` has a ticker.
    """
    if path.exists():
        return path
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    path.parent.mkdir(parents=True, exist_ok=True)
    being_made = path.with_suffix(".being-made")
    with being_made.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        fields = [("Content-Type", "text/html; charset=utf-8")]
        fields += [("Content-Encoding", "gzip")] if form == "coded" else []
        head = StatusAndHeaders("200 OK", fields, "HTTP/1.1")
        made = text_pages(pages, every, seed) if form == "wet" else html_pages(pages, every, seed)
        for number, page in enumerate(made):
            body = gzip.compress(page.encode()) if form == "coded" else page.encode()
            writer.write_record(
                writer.create_warc_record(
                    f"https://www.site{number % 14}.example/{number}",
                    "conversion" if form == "wet" else "response",
                    payload=io.BytesIO(body),
                    http_headers=None if form == "wet" else head,
                    warc_content_type="text/plain" if form == "wet" else "",
                    warc_headers_dict={"WARC-Date": "2026-06-01T00:00:00Z"},
                )
            )
    return being_made.rename(path)


def text_pages(pages: int, every: int, seed: int) -> Iterator[str]:
    """Yield the texts of `pages` pages; one in `every` has a ticker."""
    tools = Pages(seed)
    for number in range(pages):
        yield tools.text_with_ticker() if number % every == every // 2 else tools.prose()


def html_pages(pages: int, every: int, seed: int) -> Iterator[str]:
    """Yield `pages` HTML pages as text; one in `every` has a ticker."""
    tools = Pages(seed)
    for number in range(pages):
        yield tools.html(with_ticker=number % every == every // 2)
