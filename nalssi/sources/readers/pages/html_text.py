"""Convert HTML to text: one line for each block element, with a bullet for list items.

lexbor parses the page as a browser does. Its text function is fast, but joins the texts of all
elements. So line ends are marked before parsing: a Unicode noncharacter is inserted before every
tag that starts or ends a line. lexbor keeps the mark as text. (A page that contains such characters
loses them first.) A page then takes a few passes in native code instead of a walk over its nodes in
Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import polars as pl
from selectolax.lexbor import LexborHTMLParser

from nalssi.common.known_names import known_texts
from nalssi.common.ticker_symbols import (
    BULLETS_IN_CLASS,
    CELSIUS,
    DEGREES,
    LONGEST_LINE_BYTES,
    UNIT,
)
from nalssi.sources.readers.pages.kma_table import feed_of_table, may_hold_table
from nalssi.sources.readers.pages.saved_page_address import claimed_origin
from nalssi.sources.readers.text_encoding import decode, seems_utf8

_BREAK, _ITEM, _ITEM_END = "\ufdd0", "\ufdd1", "\ufdd2"
_ANY_MARK = f"[{_BREAK}{_ITEM}{_ITEM_END}]"

# The elements to which HTML's rendering rules give a line, or a cell, of their own.
_LINE_ELEMENTS = {
    *("address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details"),
    *("dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "legend", "main", "menu"),
    *("nav", "ol", "optgroup", "option", "p", "pre", "search", "section", "select", "summary"),
    *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
# Parsers reopen these elements in every paragraph until they are closed: a page of 40 kB that
# closes none of 3,000 becomes nine million elements. They do not affect lines, so they are renamed
# to unknown elements before parsing. (`a` is reopened too, but only one can be open.)
_STYLE_ELEMENTS = (
    *("b", "big", "code", "em", "font", "i", "nobr", "s", "small"),
    *("strike", "strong", "tt", "u"),
)
_NOT_TEXT = "script, style, template, noscript, noembed, noframes, iframe, svg"
# One CMS prints the end mark directly after the list, in an inline element. It gets its own line.
_INLINE_LINE, _INLINE_CLASS = "a", "wc"


def _marked_tags() -> Iterator[tuple[str, str]]:
    """Yield pairs: the beginning of a tag, such as `<div>`, and its replacement in the HTML.

    Tags of style elements are renamed. Tags of line elements and list items get a mark before them.
    """
    ends = "> /\t\n\r\f"
    for name in _STYLE_ELEMENTS:
        for start in ("<", "</"):
            for end in ends:
                yield f"{start}{name}{end}", f"{start}style-{name}{end}"
    for mark, names, starts in (
        (_BREAK, sorted(_LINE_ELEMENTS), ("<", "</")),
        (_ITEM, ["li"], ("<",)),
        (_ITEM_END, ["li"], ("</",)),
    ):
        for name in names:
            for start in starts:
                for end in ends:
                    yield f"{start}{name}{end}", f"{mark}{start}{name}{end}"


_TAGS, _MARKED = map(list, zip(*_marked_tags(), strict=True))
# For every block element, a parser searches all open elements: a hundred thousand nested ones take
# 18 s. No real page has as many. In such a page, block elements are renamed after marking.
_MANY_TAGS = 50_000
_NEUTRAL = [re.sub(f"(?<={_ANY_MARK})(</?)", r"\1line-", marked, count=1) for marked in _MARKED]


class ParsedPage(NamedTuple):
    """A parsed HTML page: its text, its element tree, and its markup.

    The markup has a mark before each tag that starts or ends a line. If the page contains KMA's
    table, the text is the table in the form of KMA's feed (`kma_table`).
    """

    text: str
    tree: LexborHTMLParser
    markup: bytes

    def claim(self) -> tuple[str | None, datetime | None]:
        """Return the address and the time of saving (UTC) that the page states for itself.

        Each of them is None if the page does not state it.
        """
        return claimed_origin(self.markup, self.tree)


# A list item that begins with a block (`<li><p>…`) has its bullet on the line of that block. An
# item that prints a bullet itself (`<li>ㆍ…`) gets no second one.
_ITEM_OPENS = re.compile(
    f"{_ITEM}(?:[{_BREAK} ]+(?:[{BULLETS_IN_CLASS}] *)?|[{BULLETS_IN_CLASS}] *)"
)
# The blocks of a list item (`<li><div>비</div>서울 8.2℃</li>`) are joined to one line if the whole
# item could be a ticker line: short, with one unit, and with no digits but those of its number.
# (Table cells are not joined: a parser moves text between two rows in front of the table.)
_OTHER_TEXT = f"[^0-9{UNIT}{DEGREES}{_ITEM}{_ITEM_END}]*+"
_ITEM_OF_BLOCKS = re.compile(
    f"{_ITEM}(?=[^{_BREAK}{_ITEM}{_ITEM_END}]*+{_BREAK})"
    f"({_OTHER_TEXT}(?:[0-9][0-9.,]*+[{_BREAK} ]*+)?)([{UNIT}{DEGREES}]{_OTHER_TEXT}){_ITEM_END}"
)
_REMOVE_VALUE = str.maketrans("", "", f"0123456789.+- {UNIT}{DEGREES}{CELSIUS}{_BREAK}")


def _join_item_blocks(found: re.Match[str]) -> str:
    """Return a list item, which `found` matches, with its blocks joined to one line.

    The item is returned unchanged if the joined line is longer than LONGEST_LINE_BYTES, or if the
    block with the temperature unit is a known ticker line but the joined line is not.
    """
    before, after = found.groups()
    printed = before.rpartition(_BREAK)[2] + after.partition(_BREAK)[0]
    item = before + after
    line = " ".join(item.replace(_BREAK, " ").split())
    known_alone = _is_known(printed) and not _is_known(item)
    if known_alone or len(line.encode()) > LONGEST_LINE_BYTES:
        return found[0]
    return f"{_ITEM}{line}{_BREAK}"


def _is_known(line: str) -> bool:
    """Whether a line, without its temperature, is a station, a condition, or both."""
    return line.translate(_REMOVE_VALUE) in known_texts()


def read_html(contents: Sequence[tuple[bytes, str | None]]) -> Iterator[ParsedPage]:
    """Parse HTML pages and yield them in the order of `contents`.

    `contents` has a pair for each page: its bytes, and the charset that an HTTP or mail header
    names (None: no header names one).
    """
    pages = _as_strings(contents)
    if pages.str.contains(_ANY_MARK).any():
        pages = pages.str.replace_all(_ANY_MARK, "")
    # One automaton replaces all tags in all pages: 40 times as fast as a regex in Python.
    marked = pages.str.replace_many(_TAGS, _MARKED, ascii_case_insensitive=True)
    many = pages.str.len_bytes() > _MANY_TAGS  # cheap, and false for most pages
    if many.any():
        many &= pages.str.count_matches("<", literal=True) > _MANY_TAGS
    if many.any():
        neutral = pages.filter(many).str.replace_many(_TAGS, _NEUTRAL, ascii_case_insensitive=True)
        marked = marked.scatter(many.arg_true(), neutral)
    may_be_table = may_hold_table(pages)
    has_class = pages.str.contains(_INLINE_CLASS, literal=True)
    for markup, table, lines in zip(marked.cast(pl.Binary), may_be_table, has_class, strict=True):
        tree = LexborHTMLParser(markup)
        feed = feed_of_table(tree) if table else None
        yield ParsedPage(feed or _text(tree, inline_lines=lines), tree, markup)


def _as_strings(contents: Sequence[tuple[bytes, str | None]]) -> pl.Series:
    """Return the texts of HTML pages, in order. `contents` is the argument of `read_html`.

    If all pages are UTF-8, they are decoded together, which is faster.
    """
    if all(seems_utf8(raw, charset) for raw, charset in contents):
        try:  # checking all pages at once is ten times as fast as one by one
            return pl.Series([raw for raw, _ in contents], dtype=pl.Binary).cast(pl.String)
        except pl.exceptions.ComputeError:
            pass
    return pl.Series([decode(raw, charset) for raw, charset in contents], dtype=pl.String)


def _text(tree: LexborHTMLParser, *, inline_lines: bool) -> str:
    """Return the text of an HTML page, one line for each block element, without empty lines.

    The first line of a list item gets a bullet. Scripts, styles and other elements that contain no
    text of the page are removed from `tree`. If `inline_lines` is set, the inline elements `a.wc`
    also get a line of their own. The text of a frameset is empty.
    """
    # One search for both, because it reads the whole page.
    searched = f"{_NOT_TEXT}, {_INLINE_LINE}.{_INLINE_CLASS}" if inline_lines else _NOT_TEXT
    found = tree.css(searched)
    for node in found if inline_lines else ():  # first, because some may be in removed elements
        if node.tag == _INLINE_LINE:
            node.insert_before(_BREAK)
            node.insert_after(_BREAK)
    for node in found:
        if node.tag != _INLINE_LINE:
            node.decompose()
    if tree.body is None:  # a frameset
        return ""
    text = tree.body.text()
    for space in "\n\t\r\f\xa0":  # in HTML, line ends in the source are blanks
        text = text.replace(space, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    text = _ITEM_OF_BLOCKS.sub(_join_item_blocks, text)
    text = _ITEM_OPENS.sub(_ITEM, text)
    text = text.replace(_ITEM, f"{_BREAK}• ").replace(_ITEM_END, _BREAK)
    return "\n".join([line for line in map(str.strip, text.split(_BREAK)) if line and line != "•"])


# The form of nearly all addresses. `urlsplit`, which reads the others, takes ten times as long.
_USUAL_ADDRESS = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[/?#]|\Z)")


def site_of(uri: str) -> str | None:
    """Return the host of an http(s) address without `www.`, or None for any other address."""
    if usual := _USUAL_ADDRESS.match(uri):
        return usual[1].removeprefix("www.")
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return host.removeprefix("www.")
