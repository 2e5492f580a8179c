"""Tickers as HTML of the sites' CMS, and the text that common extractors make of that HTML."""

from __future__ import annotations

import html as markup
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import html2text
import html_text
import inscriptis
import trafilatura
from bs4 import BeautifulSoup
from resiliparse.extract.html2text import extract_plain_text

Line = tuple[str, str | None, float | None]
"""Station (may be empty), condition and temperature, each as printed."""


@dataclass(frozen=True)
class Ticker:
    """A list as a site prints it."""

    date: str
    lines: Sequence[Line]
    end: str = "기상청 제공"
    glued: bool = False
    """No space stands between name and temperature."""
    backwards: bool = False
    """The condition comes after the temperature."""


def as_html(ticker: Ticker, *, spaced: bool) -> str:
    """Return a page as the CMS prints it. `spaced` adds line breaks between the elements."""
    between = "\n" if spaced else ""
    items = between.join(f'<li class="icon_w">{_item(ticker, line)}</li>' for line in ticker.lines)
    parts = [
        '<!doctype html><html><head><meta charset="utf-8"><title>오늘신문</title></head><body>',
        '<div id="top"><a href="/h">시작페이지로</a> <a href="/f">즐겨찾기</a></div>',
        f'<p class="today_txt">{ticker.date}</p>' if ticker.date else "",
        f'<ul class="weather_slide">{between}{items}{between}</ul>',
        f'<a class="wc" href="/w">{ticker.end}</a>' if ticker.end else "",
        '<ul class="menu"><li><a href="/join">회원가입</a></li><li>로그인</li></ul>',
        "<h1>도서관이 문을 연다</h1><p>시는 새 도서관이 봄에 문을 연다고 밝혔다.</p></body></html>",
    ]
    return between.join(parts)


def _item(ticker: Ticker, line: Line) -> str:
    name, word, value = line
    blank = "" if ticker.glued or not name else " "
    number = f"{name}{blank}{'' if value is None else value}℃"
    condition = f'<span class="iw08">{markup.escape(word)}</span>' if word else ""
    return f"{number}{blank}{condition}" if ticker.backwards else f"{condition}{number}"


def _soup(separator: str, *, strip: bool) -> Callable[[str], str]:
    return lambda page: BeautifulSoup(page, "html.parser").get_text(separator, strip=strip)


def _html2text(page: str) -> str:
    parser = html2text.HTML2Text(bodywidth=0)
    parser.ignore_links = True
    return parser.handle(page)


def _ticker_alone(page: str) -> str:
    """Return trafilatura's text of the ticker alone: it drops a ticker beside an article."""
    begin, end = (
        page.index("<p class") if "<p class" in page else page.index("<ul"),
        page.index('<ul class="menu'),
    )
    alone = f"<html><body>{page[begin:end]}</body></html>"
    return trafilatura.extract(alone, output_format="markdown", favor_recall=True) or ""


EXTRACTORS: dict[str, Callable[[str], str]] = {
    **{
        f"bs4 {separator!r}{' strip' * strip}": _soup(separator, strip=strip)
        for separator in ("", " ", "\n", "|", "\t", ", ", " / ")
        for strip in (False, True)
    },
    "html-text": html_text.extract_text,
    "html-text without layout": lambda page: html_text.extract_text(page, guess_layout=False),
    "trafilatura html2txt": trafilatura.html2txt,
    "trafilatura baseline": lambda page: trafilatura.baseline(page)[1],
    "trafilatura markdown": _ticker_alone,
    "resiliparse": extract_plain_text,
    "resiliparse in a line": lambda page: extract_plain_text(page, preserve_formatting=False),
    "resiliparse without bullets": lambda page: extract_plain_text(page, list_bullets=False),
    "resiliparse with tags": lambda page: extract_plain_text(
        page, preserve_formatting="minimal_html"
    ),
    "inscriptis": inscriptis.get_text,
    "html2text": _html2text,
    "collapsed": lambda page: " ".join(_soup(" ", strip=False)(page).split()),
}
"""Extractors by name: functions from HTML to text."""
