"""Hypothesis strategies for hostile input: texts, values and damaged files."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.sources.sample_sources import FEED, HTML, TICKER

PIECES = st.sampled_from(
    [
        *"•·-*\n\r\t .℃()<>&;\"'=/0123456789",
        *("\x00", "\x1b[31m", "\u202e", "\u200b", "\ufeff", "\u1100\u1161", "\ud7ff", "\U0010ffff"),
        *("\ufdd0", "\ufdd1", "&#8451;", "&deg;C", "&#x110000;", "<!--", "-->", "<![CDATA["),
        *("<ul>", "<li>", "</li>", "</ul>", "<p>", "<script>", "</script>", "<b a=1>", "<table>"),
        *("<template>", "<svg>", "<frameset>", '<meta charset="', "euc-kr", "utf-16", '">'),
        *("<current>", "<weather ", '<local stn_id="90" ', 'ta="', 'year="9999" ', "</weather>"),
        *("• 맑음서울 3.2℃\n", "• 비또는눈 1.0℃\n", "• 12.3℃\n", "1.5℃흐림\n", "-서울 - 3℃\n"),
        *(
            "2025.12.19 (금)\n",
            "0001.01.01\n",
            "9999.12.31\n",
            "최종편집: 2024-02-30\n",
            "기상청 제공\n",
        ),
        "가" * 90,
        "9" * 30,
        TICKER,
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join)
"""Texts of fragments of tickers, pages and feeds, and of arbitrary characters."""

MARKUP = st.one_of(
    TEXTS,
    TEXTS.map(lambda text: HTML.format(charset="utf-8").replace("강릉", text)),
    TEXTS.map(lambda text: f"<html><body>{text}"),
)
ATTRIBUTES = st.sampled_from(["year", "month", "day", "hour", "stn_id", "desc", "ta"])
NUMBERS = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        ["", "-", "24", "٣", "１", "1e9", "9" * 5000, "0" * 40, "-0.0", "99.9", " 90 "]
    ),
    TEXTS,
)


@st.composite
def feeds(draw: st.DrawFn) -> str:
    """KMA's feed with random values of some attributes, and with text at a random position."""
    feed = FEED
    for name in draw(st.lists(ATTRIBUTES, max_size=4)):
        value = draw(NUMBERS).replace('"', "").replace("<", "").replace("&", "")
        before, found, after = feed.partition(f'{name}="')
        feed = before + found + value + after[after.find('"') :] if found else feed
    position = draw(st.integers(0, len(feed)))
    return feed[:position] + draw(st.just("") | TEXTS) + feed[position:]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([10**400, -(10**400), 1e308, 1.7e9, 1.7e12])
    | st.text(st.characters(), max_size=20)
    | TEXTS
    | st.sampled_from(
        [
            *("2025-12-19T01:02:03Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
            *("20251219010203", "00000000000000", "2025-12-19", "٢٠٢٥-12-19", "2025-02-30T99:99"),
        ]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["text", "content", "url", "uri", "date", "timestamp", "ts", "meta", "metadata", "warc_headers"]
)
RECORDS = st.dictionaries(KEYS | st.text(max_size=5), VALUES, max_size=6)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A file with bytes that are changed, inserted, removed or repeated, or that is cut off."""
    raw = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(len(raw) - 1, 0)))
        length = draw(st.integers(1, 64))
        match draw(st.sampled_from(["change", "insert", "remove", "repeat", "cut", "flip"])):
            case "change":
                raw[start : start + length] = draw(st.binary(min_size=1, max_size=length))
            case "insert":
                raw[start:start] = draw(st.binary(min_size=1, max_size=length))
            case "remove":
                del raw[start : start + length]
            case "repeat":
                raw[start:start] = raw[start : start + length]
            case "cut":
                del raw[start:]
            case "flip" if raw:
                raw[start] ^= 1 << draw(st.integers(0, 7))
    return bytes(raw)
