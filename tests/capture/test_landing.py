"""Pages are stored once, as they were sent, and `nalssi ingest` reads them like any archive."""

from __future__ import annotations

import errno
import gzip
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from nalssi.capture.capture_log import Attempt
from nalssi.capture.capture_source import CaptureError, capture_source, due_at, source_history
from nalssi.capture.landing import Landing
from nalssi.capture.source_list import Source
from tests.capture.fake_site import HERE, Site, fetcher, in_turn, page
from tests.sources.sample_sources import FEED, TICKER_LINES, html, rows


def source(site: Site, path: str = "/", **given: Any) -> Source:
    return Source(name="paper", url=f"{site.url}{path}", allow_private=HERE, **given)


def captured(landing: Landing, source: Source, **given: Any) -> Attempt:
    """Capture a source as a run does, with its history from the log."""
    fetching = fetcher(**given)
    known = source_history(landing, landing.attempts(), source.name, fetching.now())
    return capture_source(source, landing, known, fetching)


def stored(landing: Landing) -> list[Path]:
    return sorted(landing.folder.rglob("*.warc.gz"))


def test_a_page_is_stored_before_it_is_parsed_and_is_logged(site: Site, landing: Landing) -> None:
    site.plays["/"] = page(html(), Last_Modified="Sun, 22 Nov 2026 12:00:00 GMT", ETag='"7"')
    done = captured(landing, source(site))
    (file,) = stored(landing)
    assert done.file == file.relative_to(landing.folder).as_posix()
    assert file.name == f"{done.at:%Y%m%dT%H%M%SZ}-{(done.digest or '')[:16]}.warc.gz"
    (line,) = landing.attempts().to_dicts()
    assert line == vars(done)
    assert (line["outcome"], line["status"], line["etag"]) == ("new", 200, '"7"')


def test_another_warc_reader_finds_the_response_as_it_was_sent(
    site: Site, landing: Landing
) -> None:
    packed = gzip.compress(html())
    site.plays["/"] = page(packed, Content_Encoding="gzip", X_Served_By="web-7")
    done = captured(landing, source(site))
    with stored(landing)[0].open("rb") as file:
        record = next(ArchiveIterator(file, check_digests="raise"))
        assert record.rec_type == "response"
        head = record.rec_headers
        assert head.get_header("WARC-Target-URI") == done.uri
        assert head.get_header("WARC-Date") == f"{done.at:%Y-%m-%dT%H:%M:%S.%f}Z"
        assert head.get_header("WARC-IP-Address") == "127.0.0.1"
        assert record.http_headers.get_header("X-Served-By") == "web-7"
        assert record.raw_stream.read() == packed


def chunked(request: BaseHTTPRequestHandler) -> None:
    body = gzip.compress(html("cp949", ""))
    request.send_response(200)
    request.send_header("Content-Type", "text/html; charset=EUC-KR")
    request.send_header("Content-Encoding", "x-gzip")
    request.send_header("Transfer-Encoding", "chunked")
    request.end_headers()
    for piece in (body[:100], body[100:], b""):
        request.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))


def two_members(request: BaseHTTPRequestHandler) -> None:
    body = html()
    page(gzip.compress(body[:300]) + gzip.compress(body[300:]), Content_Encoding="gzip")(request)


@pytest.mark.parametrize(
    "play",
    [
        page(html()),
        page(html("cp949", ""), "text/html; charset=euc-kr"),
        page(html("cp949", "euc-kr"), "text/html"),
        page(html("cp949", "euc-kr"), "text/html; charset=utf-8"),
        page(html("utf-8"), "text/html; charset=euc-kr"),
        page(html(), "application/octet-stream"),
        page(html("cp949", ""), "text/plain; charset=euc-kr"),
        page(gzip.compress(html()), Content_Encoding="gzip"),
        chunked,
        two_members,
    ],
    ids=[
        "utf-8",
        "EUC-KR by the header",
        "EUC-KR by the page",
        "header wrong",
        "header wrong the other way",
        "called a file",
        "called text",
        "gzip",
        "chunked gzip",
        "gzip in two members",
    ],
)
def test_ingest_finds_the_ticker_in_every_kind_of_response(
    site: Site, landing: Landing, play: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    site.plays["/"] = play
    done = captured(landing, source(site))
    (row,) = rows(landing.folder)
    assert all(line in str(row["text"]) for line in TICKER_LINES)
    assert (row["uri"], row["captured_at"]) == (done.uri, done.at)


@pytest.mark.parametrize("content_type", ["application/xml", "text/xml", "text/html", ""])
def test_kmas_feed_is_stored_as_xml(site: Site, landing: Landing, content_type: str) -> None:
    site.plays["/"] = page(FEED.encode(), content_type)
    captured(landing, source(site, kind="xml"))
    (row,) = rows(landing.folder)
    assert row["media_type"] == "application/xml"


def test_a_page_without_a_ticker_is_stored(site: Site, landing: Landing) -> None:
    site.plays["/"] = page(b"<p>moved house</p>")
    assert captured(landing, source(site)).outcome == "new"
    assert rows(landing.folder) == []


@pytest.mark.parametrize(
    ("content_type", "body", "cause"),
    [
        ("image/png", b"PNG", "the server sent image/png, not html"),
        ("text/html", b"", "the page is empty"),
    ],
)
def test_a_response_that_is_not_a_page_is_not_stored(
    site: Site, landing: Landing, content_type: str, body: bytes, cause: str
) -> None:
    site.plays["/"] = page(body, content_type)
    with pytest.raises(CaptureError, match=f"^paper: {cause}$"):
        captured(landing, source(site))
    assert stored(landing) == []


def test_an_unchanged_page_is_requested_by_its_validators_and_stored_once(
    site: Site, landing: Landing
) -> None:
    marks = {"Last_Modified": "Sun, 22 Nov 2026 12:00:00 GMT", "ETag": '"7"'}
    unchanged = page(b"", status=304)
    site.plays["/"] = in_turn(page(html(), **marks), unchanged, unchanged)
    done = [captured(landing, source(site)) for _ in range(3)]
    assert [one.outcome for one in done] == ["new", "unchanged", "unchanged"]
    assert [one.status for one in done] == [200, 304, 304]
    assert len({one.digest for one in done}) == len({one.file for one in done}) == 1
    assert len(stored(landing)) == 1
    headers = site.last_headers()
    assert headers["If-None-Match"] == '"7"'
    assert headers["If-Modified-Since"] == "Sun, 22 Nov 2026 12:00:00 GMT"


def test_equal_content_is_stored_once_however_it_is_compressed(
    site: Site, landing: Landing
) -> None:
    again = gzip.compress(html(), compresslevel=1)
    other = page(html() + b" ")
    site.plays["/"] = in_turn(page(html()), page(again, Content_Encoding="gzip"), other)
    done = [captured(landing, source(site)).outcome for _ in range(3)]
    assert done == ["new", "unchanged", "new"]
    assert len(stored(landing)) == 2


def test_a_page_whose_file_was_removed_is_fetched_and_stored_again(
    site: Site, landing: Landing
) -> None:
    site.plays["/"] = page(html(), ETag='"7"')
    captured(landing, source(site))
    stored(landing)[0].unlink()
    assert captured(landing, source(site)).outcome == "new"
    assert "If-None-Match" not in site.last_headers()
    assert len(stored(landing)) == 1


def test_a_304_for_a_request_without_conditions_is_an_error(site: Site, landing: Landing) -> None:
    site.plays["/"] = page(b"", status=304)
    with pytest.raises(CaptureError, match="304 for a request without conditions"):
        captured(landing, source(site))


def test_stored_pages_are_loaded_once(site: Site, landing: Landing) -> None:
    assert landing.files_to_load() == ([], 0)
    site.plays["/"] = in_turn(page(html()), page(html() + b" "))
    captured(landing, source(site))
    captured(landing, source(site))
    files, end = landing.files_to_load()
    assert sorted(files) == stored(landing)
    landing.mark_loaded(end)
    assert landing.files_to_load() == ([], end)
    captured(landing, source(site))
    assert landing.files_to_load()[0] == []  # unchanged


def test_a_replaced_log_is_loaded_from_its_start(site: Site, landing: Landing) -> None:
    site.plays["/"] = page(html())
    landing.mark_loaded(100)
    captured(landing, source(site))
    assert landing.files_to_load()[0] == stored(landing)


def test_incomplete_files_of_a_killed_run_are_removed(site: Site, landing: Landing) -> None:
    site.plays["/"] = page(html())
    captured(landing, source(site))
    with landing.log.open("ab") as log:
        log.write(b'{"at": "2026-11-22T12:00')
    partial = landing.folder / ".being-made-elsewhere-1-0123abcd"
    partial.write_bytes(b"half")
    os.utime(partial, (0, 0))
    assert landing.attempts().height == 1
    with landing.locked():
        captured(landing, source(site))
    assert landing.attempts()["outcome"].to_list() == ["new", "unchanged"]
    assert not partial.exists()


def test_a_page_that_cannot_be_stored_leaves_no_partial_file(
    site: Site, landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    site.plays["/"] = page(html())
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as error:
        captured(landing, source(site))
    assert str(error.value.filename).endswith(".warc.gz")
    assert [path.name for path in landing.folder.rglob("*") if path.is_file()] == [".lock"]


def at(hours: float) -> datetime:
    return datetime(2026, 11, 22, 12, tzinfo=UTC) + timedelta(hours=hours)


def tried(outcome: str, landing: Landing, **given: Any) -> Attempt:
    attempt = Attempt(at(0), "paper", "http://a.example/", 3600, outcome, **given)  # type: ignore[arg-type]
    landing.log_attempt(attempt)
    return attempt


@pytest.mark.parametrize(
    ("interval", "outcome", "retry_at", "expected"),
    [
        ("1h", "unchanged", None, at(0.9)),
        ("1d", "unchanged", None, at(21.6)),
        ("1d", "failed", None, at(0.9)),
        ("10m", "failed", None, at(0.15)),
        ("1h", "failed", at(5), at(5)),
    ],
)
def test_the_last_attempt_decides_when_a_source_is_due(
    landing: Landing, interval: str, outcome: str, retry_at: datetime | None, expected: datetime
) -> None:
    paper = Source.model_validate(
        {"name": "paper", "url": "http://a.example/", "interval": interval}
    )
    now = at(9)
    assert due_at(paper, source_history(landing, landing.attempts(), "paper", now), now) is None
    tried(outcome, landing, retry_at=retry_at)
    history = source_history(landing, landing.attempts(), "paper", now)
    assert due_at(paper, history, now) == expected
