"""Hostile servers, resolvers and logs: each attempt fails alone, and its failure is logged."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler

import pytest

from nalssi.capture.capture_log import Attempt
from nalssi.capture.capture_source import CaptureError, capture_source, source_history
from nalssi.capture.fetched_response import FetchedResponse, FetchError
from nalssi.capture.landing import Landing
from nalssi.capture.robots_txt import ROBOT, parse_robots_txt
from nalssi.capture.source_health import judge_sources
from nalssi.capture.source_list import Source
from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text
from tests.capture.fake_site import HERE, Play, Site, fetcher, in_turn, marked, moved, page
from tests.sources.sample_sources import html


def source(url: str) -> Source:
    # Not checked: what is in the file of sources may be older than its checks.
    return Source.model_construct(**(vars(Source(name="paper", url="http://a/")) | {"url": url}))


def captured(landing: Landing, url: str, **given: object) -> Attempt:
    """Capture an address as a run does, with its history from the log."""
    one = source(url).model_copy(update={"allow_private": HERE})
    fetching = fetcher(**given)  # type: ignore[arg-type]
    known = source_history(landing, landing.attempts(), "paper", fetching.now())
    return capture_source(one, landing, known, fetching)


def failed(landing: Landing, url: str, **given: object) -> str:
    """Capture an address, check that error, log and health agree, and return the cause."""
    before = landing.attempts().height
    with pytest.raises(CaptureError) as failure:
        captured(landing, url, **given)
    attempts = landing.attempts()
    assert attempts.height == before + 1
    last = attempts.row(-1, named=True)
    last["url"] = url  # which may have no UTF-8
    assert last == vars(failure.value.attempt)
    (standing,) = judge_sources(attempts, last["at"])
    assert (standing.state, standing.error) == ("failing", last["error"])
    cause = str(last["error"])
    assert cause == safe_text(cause)
    assert 0 < len(cause) <= MAX_MESSAGE_LENGTH
    return cause


def raw(*pieces: bytes) -> Play:
    """Return a response of exactly these bytes."""

    def play(request: BaseHTTPRequestHandler) -> None:
        for piece in pieces:
            request.wfile.write(piece)

    return play


def answer(head: bytes, body: bytes = b"<p>page</p>", status: bytes = b"200 OK") -> Play:
    """Return a response with these header lines."""
    length = b"Content-Length: %d\r\n" % len(body)
    return raw(b"HTTP/1.1 " + status + b"\r\n" + head + length + b"\r\n" + body)


REFUSED = [
    "http://127.0.0.1/",
    "http://0177.0.0.1/",
    "http://0177.1/",
    "http://0x7f.0.0.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://017700000001/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://[::1]/",
    "http://[::ffff:7f00:1]/",
    "http://１２７.0.0.1/",
    "http://127。0。0。1/",
]


@pytest.mark.parametrize("url", REFUSED)
def test_no_spelling_of_this_machines_address_reaches_it(landing: Landing, url: str) -> None:
    """The system's resolver accepts octal, hexadecimal and short forms of addresses."""
    with pytest.raises(CaptureError):
        capture_source(source(url), landing, None, fetcher(resolve=_system))
    (error,) = landing.attempts()["error"]
    assert "is not a public address" in error or "an invalid address: Invalid" in error


def _system(host: str, port: int) -> list[str]:
    from nalssi.capture.public_connections import resolve

    return resolve(host, port)


@pytest.mark.parametrize(
    "url",
    [
        "http://999.1.1.1/",
        "http://[::1/",
        "http://[v1.x]/",
        "http://a:99999/",
        "http://a:-1/",
        "http://a:0/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%lo]/",
        "http://ㅎ.ㅎ/",
        "http://\u202e/",
        "http://\udc80/",
        "http://a/\udc80",
        "http://a/\x1b",
        "http:///",
        "http://" + "a" * 70_000,
        "",
        "no address",
    ],
)
def test_an_invalid_address_fails_and_is_logged(landing: Landing, url: str) -> None:
    failed(landing, url)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("embedded null byte"),
        UnicodeError("label empty or too long"),
        OverflowError("port must be 0-65535"),
        RuntimeError("\x1b[2J\n\u202e"),
        MemoryError(),
        OSError("no errno"),
        KeyError("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_of_a_resolver_is_logged(landing: Landing, error: Exception) -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise error

    failed(landing, "http://paper.example/", resolve=resolve)


@pytest.mark.parametrize("said", ["", "localhost", "127.0.0.1.", "0177.0.0.1", "\x1b", "::%"])
def test_an_invalid_result_of_a_resolver_is_logged(landing: Landing, said: str) -> None:
    failed(landing, "http://paper.example/", resolve=lambda *_: [said])


@pytest.mark.parametrize(
    "to",
    [
        b"http://[::1",
        b"http://a:99999/",
        b"http://a:-1/",
        b"//a:x/",
        b"http://[fe80::1%25eth0]/",
        b"http://0177.0.0.1/",
        "http://뉴스.한국/".encode(),
        "http://뉴스.한국/".encode("cp949"),
        b"/\xff\xfe",
        b"http://\xff/",
        b"/\x1b[2J",
        b"javascript:alert(1)",
        b"data:text/html,x",
        b"",
        b"?" + b"a" * 60_000,
        b"http://u:p@127.0.0.1/",
        b"////////",
        b"http:",
    ],
    ids=range(18),
)
def test_every_redirect_ends_in_a_logged_attempt(site: Site, landing: Landing, to: bytes) -> None:
    site.plays["/"] = answer(b"Location: " + to + b"\r\n", status=b"302 Found")
    failed(landing, f"{site.url}/")


HEADS = {
    "ETag not ASCII": 'ETag: "7-서울"\r\n'.encode(),
    "ETag in latin-1": b'ETag: "\xe9"\r\n',
    "ETag with escapes": b'ETag: "\x1b[2J"\r\n',
    "ETag long": b'ETag: "' + b"a" * 50_000 + b'"\r\n',
    "ETag twice": b'ETag: "1"\r\nETag: "2"\r\n',
    "ETag empty": b"ETag:\r\n",
    "ETag folded": b'ETag: "1"\r\n X-Injected: 1\r\n',
    "Last-Modified not ASCII": "Last-Modified: 2026년 11월 22일\r\n".encode(),
    "Last-Modified in cp949": "Last-Modified: 어제\r\n".encode("cp949"),
    "Last-Modified no date": b"Last-Modified: -1\r\n",
    "cookies": b"Set-Cookie: \xff=\xff; Expires=x\r\n" * 50 + b"Set-Cookie: a=b; Domain=.\r\n",
    "Content-Type garbage": b"Content-Type: text/html; charset=\xff\x1b; charset=utf-8;;;\r\n",
    "Content-Type without a type": b"Content-Type: ;\r\n",
    "Content-Type with an unknown charset": b"Content-Type: text/html; charset=none\r\n",
    "Date garbage": b"Date: \xff\r\nAge: -1\r\n",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_no_header_prevents_this_capture_or_the_next(
    site: Site, landing: Landing, head: bytes
) -> None:
    site.plays["/"] = answer(head, html())
    assert [captured(landing, f"{site.url}/").outcome for _ in range(3)] == [
        "new",
        "unchanged",
        "unchanged",
    ]
    assert landing.read_log()[1] == []
    for _, headers in site.asked:
        assert all(value.isascii() and value.isprintable() for value in headers.values())
        assert max(map(len, headers.values())) < 1_000
        assert "X-Injected" not in headers


def test_logged_validators_that_cannot_be_sent_do_not_prevent_captures(
    site: Site, landing: Landing
) -> None:
    """Older versions wrote validators to the log that no request can send."""
    site.plays["/"] = page(html(), ETag='"7"')
    captured(landing, f"{site.url}/")
    for mark in ("\u00e9", "a\r\nX-Injected: 1", "\x00", " ", "a" * 100_000):
        line = json.loads(landing.log.read_text("utf-8").splitlines()[-1])
        with landing.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line | {"etag": mark, "last_modified": mark}) + "\n")
        assert captured(landing, f"{site.url}/").outcome == "unchanged"
        assert not {"If-None-Match", "If-Modified-Since", "X-Injected"} & set(site.last_headers())


def test_the_request_after_a_failure_has_no_conditions(site: Site, landing: Landing) -> None:
    """Otherwise a server that answers its own validators with 400 would never be captured again."""

    def play(request: BaseHTTPRequestHandler) -> None:
        asked = "If-None-Match" in request.headers
        page(b"" if asked else html(), status=400 if asked else 200, ETag='"7"')(request)

    site.plays["/"] = play
    assert captured(landing, f"{site.url}/").outcome == "new"
    assert failed(landing, f"{site.url}/") == "the server answered 400"
    assert captured(landing, f"{site.url}/").outcome == "unchanged"


def test_valid_validators_are_sent(site: Site, landing: Landing) -> None:
    site.plays["/"] = marked(html(), "text/html", 'W/"7!#~"')
    assert [captured(landing, f"{site.url}/").status for _ in range(2)] == [200, 304]


ANSWERS = {
    "nothing": raw(b""),
    "no HTTP": raw(b"\x00\xff\n\n"),
    "no status": raw(b"HTTP/1.1\r\n\r\n"),
    "status of four digits": raw(b"HTTP/1.1 2000 OK\r\n\r\n"),
    "status of other digits": raw("HTTP/1.1 ２００ OK\r\n\r\n".encode()),
    "switching protocols": raw(b"HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"),
    "HTTP/9": raw(b"HTTP/9.9 200 OK\r\n\r\n"),
    "two lengths": answer(b"Content-Length: 1\r\n"),
    "length not a number": raw(b"HTTP/1.1 200 OK\r\nContent-Length: \xff\r\n\r\n"),
    "length of other digits": raw("HTTP/1.1 200 OK\r\nContent-Length: ９\r\n\r\n".encode()),
    "length below zero": raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
    "header without a name": answer(b": x\r\n"),
    "header with NUL": answer(b"X: \x00\r\n"),
    "header with a lone CR": answer(b"X: a\rSet-Cookie: b\r\n"),
    "headers without end": raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40_000),
    "one header too long": answer(b"X: " + b"y" * 200_000 + b"\r\n"),
    "chunks damaged": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "packed with garbage": answer(b"Content-Encoding: \xff\x1b[2J\r\n"),
    "an image of garbage": answer(b"Content-Type: \xe9\x1b]0;x\x07/" + b"a" * 5_000 + b"\r\n"),
    "reason with escapes": answer(b"", status=b"404 \x1b[2J\xff"),
    "204": answer(b"", b"", b"204 No Content"),
}


@pytest.mark.parametrize("play", ANSWERS.values(), ids=ANSWERS)
def test_an_invalid_response_fails_and_is_logged(site: Site, landing: Landing, play: Play) -> None:
    site.plays["/"] = play
    failed(landing, f"{site.url}/")


PAUSES = ["-5", "1e9", "９９", "٣٠", "soon", "\x1b", "9" * 5_000, "Sun, 22 Nov 0001 12:01:00 +1400"]
PAUSES += ["Fri, 31 Dec 9999 23:59:59 -2359", "Sun, 22 Nov 2026 12:01:00 +" + "9" * 30, "1, 2"]


@pytest.mark.parametrize("value", PAUSES, ids=range(len(PAUSES)))
@pytest.mark.parametrize("status", [b"429 Slow", b"503 Busy", b"200 OK"])
def test_no_retry_after_changes_the_outcome(
    site: Site, landing: Landing, value: str, status: bytes
) -> None:
    head = b"Retry-After: " + value.encode() + b"\r\n"
    site.plays["/"] = answer(head, html(), status)
    if status.startswith(b"200"):
        assert captured(landing, f"{site.url}/").outcome == "new"
    else:
        assert failed(landing, f"{site.url}/") == f"the server answered {status[:3].decode()}"


ROBOTS = {
    "not UTF-8": b"User-agent: *\nDisallow: /\xff\xfe\n",
    "NUL": b"\x00" * 90_000,
    "one line": b"User-agent: *" + b" " * 90_000,
    "patterns": b"User-agent: *\nDisallow: /" + b"*a" * 40_000 + b"b\n",
    "delay": b"User-agent: *\nCrawl-delay: nan\nCrawl-delay: -1\nCrawl-delay: 1e400\n",
    "rates": b"User-agent: *\nRequest-rate: \xd9\xa3/x\nVisit-time: 9999-x\n",
}


@pytest.mark.parametrize("robots", ROBOTS.values(), ids=ROBOTS)
def test_a_hostile_robots_txt_forbids_only_its_own_rules(
    site: Site, landing: Landing, robots: bytes
) -> None:
    site.plays["/robots.txt"] = page(robots, "text/plain")
    site.plays["/"] = page(html())
    assert captured(landing, f"{site.url}/").outcome == "new"


def test_a_robots_txt_that_redirects_endlessly_forbids_the_page(
    site: Site, landing: Landing
) -> None:
    site.plays["/robots.txt"] = moved("/robots.txt")
    site.plays["/"] = page(html())
    cause = "robots.txt of 127.0.0.1: more than 5 redirects"
    assert failed(landing, f"{site.url}/") == cause


def test_a_robots_txt_larger_than_the_limit_forbids_and_is_logged(
    site: Site, landing: Landing
) -> None:
    site.plays["/robots.txt"] = page(b"#" * 200_000, "text/plain")
    assert "larger than 100,000 bytes" in failed(landing, f"{site.url}/")


def test_a_rule_is_stored_once_even_if_its_group_names_many_robots() -> None:
    """500 KiB hold 15,000 robots and 15,000 rules, which Protego would copy 225 million times."""
    robots = "".join(f"User-agent: a{number}\n" for number in range(1_000)) + "User-Agent : *\n"
    rules = "".join(f"Disallow: /{number}/\n" for number in range(1_000))
    read = parse_robots_txt((robots + rules).encode())
    assert len(read._user_agents) == 2
    assert not read.can_fetch("http://a.example/7/", ROBOT)
    assert read.can_fetch("http://a.example/x/", ROBOT)


@pytest.mark.parametrize(
    ("line", "forbidden"),
    [
        ("User-agent: nalssi", True),
        ("User-agent: NALSSI # us", True),
        ("user agent: *", True),
        ("useragent: nal*", True),
        ("User-agent: nalssi-other", False),
        ("User-agent: bot", False),
        ("User-agent: bot\nUser-agent: nalssi", True),
        ("User-agent: bot\nDisallow: /x\nUser-agent: nalssi", True),
        ("User-agent: nalssi\nDisallow: /x\nUser-agent: bot", False),
    ],
)
def test_a_rule_is_for_the_robots_that_it_names(line: str, forbidden: bool) -> None:
    read = parse_robots_txt(f"{line}\nDisallow: /page\n".encode())
    assert read.can_fetch("http://a.example/page", ROBOT) != forbidden


def test_a_rule_cut_at_the_size_limit_of_robots_txt_is_ignored() -> None:
    filler = "# " + "x" * 997 + "\n"
    body = "User-agent: *\n" + filler * 511 + "Disallow: /private" + "x" * 5_000 + "\n"
    assert parse_robots_txt(body.encode()).can_fetch("http://a.example/", ROBOT)
    body = "User-agent: *\nDisallow: /\n" + filler * 600
    assert not parse_robots_txt(body.encode()).can_fetch("http://a.example/", ROBOT)


@pytest.mark.parametrize(
    "error",
    [
        UnicodeEncodeError("ascii", "é", 0, 1, "ordinal not in range(128)"),
        ValueError("\x1b[2J\nsecond line"),
        MemoryError(),
        RecursionError("deep"),
        FetchError("x" * 5_000),
        Exception(),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("step", ["get", "store"])
def test_every_error_of_a_step_is_logged(
    site: Site, landing: Landing, monkeypatch: pytest.MonkeyPatch, error: Exception, step: str
) -> None:
    def broken(*_: object) -> FetchedResponse:
        raise error

    site.plays["/"] = page(html())
    owner = {
        "get": "nalssi.capture.page_fetcher.Fetcher",
        "store": "nalssi.capture.landing.Landing",
    }
    monkeypatch.setattr(f"{owner[step]}.{step}", broken)
    failed(landing, f"{site.url}/")


def test_a_page_that_cannot_be_stored_is_logged_if_the_log_can_be_written(
    site: Site, landing: Landing
) -> None:
    site.plays["/"] = page(html())
    (landing.folder / "paper").write_text("a file in the folder's place")
    assert "cannot be stored: " in failed(landing, f"{site.url}/")


def test_ctrl_c_is_not_a_failure_of_the_source(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> FetchedResponse:
        raise KeyboardInterrupt

    monkeypatch.setattr("nalssi.capture.page_fetcher.Fetcher.get", interrupted)
    with pytest.raises(KeyboardInterrupt):
        captured(landing, "http://paper.example/")
    assert landing.attempts().is_empty()


DAMAGE = [
    b"{\n",
    b"\x00\x00\x00\n",
    b"\xff\xfe\n",
    b"null\n",
    b"[]\n",
    b"{}\n",
    b'{"at": 1}\n',
    b'{"at": "2026-11-22T12:00{"at": "2026"}\n',
    b"[" * 5_000 + b"\n",
]


@pytest.mark.parametrize("line", DAMAGE, ids=range(len(DAMAGE)))
def test_a_damaged_line_of_the_log_is_named_and_the_others_are_read(
    site: Site, landing: Landing, line: bytes
) -> None:
    site.plays["/"] = in_turn(page(html()), page(html() + b" "), page(html() + b"  "))
    captured(landing, f"{site.url}/")
    with landing.log.open("ab") as log:
        log.write(line)
    captured(landing, f"{site.url}/")
    captured(landing, f"{site.url}/")
    attempts, damaged = landing.read_log()
    assert attempts["outcome"].to_list() == ["new"] * 3
    cause = (
        "is not an attempt"
        if line.startswith((b"null", b"[]", b"{}", b'{"at": 1'))
        else "is not JSON"
    )
    assert damaged == [f"{landing.log}: damaged: line 2 {cause}"]
    assert len(landing.files_to_load()[0]) == 3


def test_many_damaged_lines_are_counted(landing: Landing) -> None:
    landing.log.write_bytes(b"{\n" * 1_000)
    attempts, damaged = landing.read_log()
    assert attempts.is_empty()
    assert len(damaged) == 6
    assert damaged[-1] == f"{landing.log}: damaged: 995 more lines"


def test_text_without_utf_8_is_replaced_in_the_log(landing: Landing) -> None:
    when = fetcher().now()
    landing.log_attempt(
        Attempt(when, "paper", "http://a/\udc80", 3600, "failed", error="\ud800\x00")
    )
    attempts, damaged = landing.read_log()
    assert (attempts["url"].to_list(), damaged) == (["http://a/?"], [])
