"""HTML to the text of the page: one line a block element, list items with a bullet.

lexbor parses the page as a browser does. Its text function is fast but runs all elements
together, so line ends are marked *before* parsing: a character that can be no text (a Unicode
noncharacter) is put in front of every tag that starts or ends a line. lexbor keeps it as text
wherever it comes to stand, and a page costs a few passes in native code instead of a walk
over its nodes in Python.
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
from nalssi.common.ticker_symbols import BULLETS, CELSIUS, DEGREES, LONGEST_LINE_BYTES, UNIT
from nalssi.sources.readers.pages.kma_table import as_feed, may_hold_table
from nalssi.sources.readers.pages.saved_page_address import claim
from nalssi.sources.readers.text_encoding import decode, seems_utf8

_BREAK, _ITEM, _ITEM_END = "\ufdd0", "\ufdd1", "\ufdd2"
_ANY_MARK = f"[{_BREAK}{_ITEM}{_ITEM_END}]"

# The elements that HTML's rendering rules give a line, or a cell, of their own.
_LINES = {
    *("address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details"),
    *("dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "legend", "main", "menu"),
    *("nav", "ol", "optgroup", "option", "p", "pre", "search", "section", "select", "summary"),
    *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
# Elements that HTML opens anew in every paragraph until they are closed: of 40 kB that close
# none of 3,000 it makes nine million. They say nothing about lines, so they are read under a name
# that means nothing. (Of `a`, which is one too, only one can be open.)
_STYLES = (
    *("b", "big", "code", "em", "font", "i", "nobr", "s", "small"),
    *("strike", "strong", "tt", "u"),
)
_NOT_TEXT = "script, style, template, noscript, noembed, noframes, iframe, svg"
# The end mark of the tickers' CMS stands right behind the list, in an inline element.
_INLINE_LINES, _INLINE_CLASS = "a.wc", b"wc"  # few pages have it, and looking in a tree is slow


def _marked_tags() -> Iterator[tuple[str, str]]:
    """Every way in which a tag that ends a line begins in the source, and the same, marked.

    And the tags of styles, renamed.
    """
    ends = "> /\t\n\r\f"
    for name in _STYLES:
        for start in ("<", "</"):
            for end in ends:
                yield f"{start}{name}{end}", f"{start}style-{name}{end}"
    for mark, names, starts in (
        (_BREAK, sorted(_LINES), ("<", "</")),
        (_ITEM, ["li"], ("<",)),
        (_ITEM_END, ["li"], ("</",)),
    ):
        for name in names:
            for start in starts:
                for end in ends:
                    yield f"{start}{name}{end}", f"{mark}{start}{name}{end}"


_TAGS, _MARKED = map(list, zip(*_marked_tags(), strict=True))
# At every block element a parser looks through all that are open: a hundred thousand in each other
# take 18 s. Nothing real has as many, and once their lines are marked they can be anything.
_MANY_TAGS = 50_000
_NEUTRAL = [re.sub(f"(?<={_ANY_MARK})(</?)", r"\1line-", marked, count=1) for marked in _MARKED]


class Read(NamedTuple):
    """A page as it was read: its text, and its tree for what else is asked of it."""

    text: str
    tree: LexborHTMLParser
    markup: bytes

    def claim(self) -> tuple[str | None, datetime | None]:
        """The address and the time of saving that the page itself claims."""
        return claim(self.markup, self.tree)


# An item that opens with a block (`<li><p>…`) has its bullet on the line of that block; one that
# prints a bullet itself (`<li>ㆍ…`) has no other.
_ITEM_OPENS = re.compile(f"{_ITEM}[{_BREAK} ]*(?:[{BULLETS}] *)?")
# Blocks in an item (`<li><div>비</div>서울 8.2℃</li>`) end no line if all of it together could be
# a line of a ticker: short, with one unit, and no digits but those of its number. (Cells of a table
# are no such blocks: a parser puts what stands between two rows before the table.)
_ELSE = f"[^0-9{UNIT}{DEGREES}{_ITEM}{_ITEM_END}]*+"
_IN_BLOCKS = re.compile(
    f"{_ITEM}(?=[^{_BREAK}{_ITEM}{_ITEM_END}]*+{_BREAK})"
    f"({_ELSE}(?:[0-9][0-9.,]*+[{_BREAK} ]*+)?)([{UNIT}{DEGREES}]{_ELSE}){_ITEM_END}"
)
_NO_NAME = str.maketrans("", "", f"0123456789.+- {UNIT}{DEGREES}{CELSIUS}{_BREAK}")


def _in_one_line(found: re.Match[str]) -> str:
    """An item's blocks together; as they are, if that would spoil the one that prints the unit."""
    before, behind = found.groups()
    printed = before.rpartition(_BREAK)[2] + behind.partition(_BREAK)[0]
    item = before + behind
    line = " ".join(item.replace(_BREAK, " ").split())
    spoilt = _is_known(printed) and not _is_known(item)
    if spoilt or len(line.encode()) > LONGEST_LINE_BYTES:
        return found[0]
    return f"{_ITEM}{line}{_BREAK}"


def _is_known(line: str) -> bool:
    return line.translate(_NO_NAME) in known_texts()


def read_pages(contents: Sequence[tuple[bytes, str | None]]) -> Iterator[Read]:
    """Each page, of its bytes and the charset that its server says, as it is read."""
    pages = _as_strings(contents)
    if pages.str.contains(_ANY_MARK).any():
        pages = pages.str.replace_all(_ANY_MARK, "")
    # One automaton for all tags, over all pages: 40 times the speed of a regex in Python.
    marked = pages.str.replace_many(_TAGS, _MARKED, ascii_case_insensitive=True)
    many = pages.str.count_matches("<", literal=True) > _MANY_TAGS
    if many.any():
        neutral = pages.filter(many).str.replace_many(_TAGS, _NEUTRAL, ascii_case_insensitive=True)
        marked = marked.scatter(many.arg_true(), neutral)
    for markup in marked.cast(pl.Binary):
        tree = LexborHTMLParser(markup)
        table = as_feed(tree) if may_hold_table(markup) else None
        yield Read(table or _text(tree, inline_lines=_INLINE_CLASS in markup), tree, markup)


def _as_strings(contents: Sequence[tuple[bytes, str | None]]) -> pl.Series:
    if all(seems_utf8(raw, charset) for raw, charset in contents):
        try:  # checked for all at once, ten times as fast as one by one
            return pl.Series([raw for raw, _ in contents], dtype=pl.Binary).cast(pl.String)
        except pl.exceptions.ComputeError:
            pass
    return pl.Series([decode(raw, charset) for raw, charset in contents], dtype=pl.String)


def _text(tree: LexborHTMLParser, *, inline_lines: bool) -> str:
    for node in tree.css(_NOT_TEXT):
        node.decompose()
    if tree.body is None:  # a frameset
        return ""
    for node in tree.css(_INLINE_LINES) if inline_lines else ():
        node.insert_before(_BREAK)
        node.insert_after(_BREAK)
    text = tree.body.text()
    for space in "\n\t\r\f\xa0":  # line ends in the source are mere space
        text = text.replace(space, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    text = _IN_BLOCKS.sub(_in_one_line, text)
    text = _ITEM_OPENS.sub(f"{_BREAK}• ", text).replace(_ITEM_END, _BREAK)
    return "\n".join([line for line in map(str.strip, text.split(_BREAK)) if line and line != "•"])


# What nearly all addresses look like; `urlsplit`, which knows the others, takes ten times as long.
_USUAL = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[/?#]|\Z)")


def site_of(uri: str) -> str | None:
    """The host of an http(s) address without `www.`; None for any other."""
    if usual := _USUAL.match(uri):
        return usual[1].removeprefix("www.")
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return host.removeprefix("www.")
