"""Fetching pages from servers that work, and from slow, broken and hostile ones."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from nalssi import __version__
from nalssi.capture.fetched_response import FetchedResponse, FetchError
from nalssi.capture.page_fetcher import Limits
from nalssi.common.retry_after import parse_retry_after
from tests.capture.fake_site import HERE, QUICK, Play, Site, Time, fetcher, in_turn, moved, page

PAGE = "<p>오늘의 날씨 • 맑음서울 3.2℃</p>".encode()


def get(url: str, **given: object) -> FetchedResponse:
    return fetcher(**given).get(url, HERE)  # type: ignore[arg-type]


def refused(url: str, **given: object) -> FetchError:
    """Fetch a page that cannot be fetched, and return the error."""
    with pytest.raises(FetchError) as failure:
        get(url, **given)
    assert "\n" not in str(failure.value)
    return failure.value


def test_a_page_arrives_as_it_was_sent_with_headers_time_and_address(site: Site) -> None:
    sent = gzip.compress(PAGE)
    site.plays["/"] = page(sent, Content_Encoding="gzip", ETag='"1"')
    before = datetime.now(UTC)
    answer = get(f"{site.url}/")
    assert answer.raw == sent
    assert answer.body == PAGE
    assert answer.header("ETag") == '"1"'
    assert (answer.status, answer.url, answer.address) == (200, f"{site.url}/", "127.0.0.1")
    assert before <= answer.at <= datetime.now(UTC)


def test_servers_are_told_who_asks_and_given_nothing_of_the_users(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    site.plays["/"] = page(PAGE)
    get(f"{site.url}/", contact="desk@paper.example")
    headers = site.last_headers()
    agent = f"nalssi/{__version__} (Korean weather tickers; +desk@paper.example)"
    assert headers["User-Agent"] == agent
    assert headers["Accept-Encoding"] == "gzip"
    assert not {"Cookie", "Authorization"} & set(headers)


@pytest.mark.parametrize(
    ("status", "passing"),
    [(404, False), (410, False), (403, False), (204, False), (500, True), (503, True), (429, True)],
)
def test_a_response_without_a_page_is_a_temporary_or_permanent_error(
    site: Site, status: int, passing: bool
) -> None:
    site.plays["/"] = page(b"", status=status)
    error = refused(f"{site.url}/")
    assert str(error) == f"the server answered {status}"
    assert (error.status, error.temporary) == (status, passing)


def test_the_body_of_an_error_response_is_not_read(site: Site) -> None:
    site.plays["/"] = page(b"<p>gone", status=404, claims=10**9, Content_Encoding="br")
    assert str(refused(f"{site.url}/")) == "the server answered 404"


def hanging(site: Site) -> Play:
    """Accept the request and never respond."""
    return lambda _: (site.over.wait(), None)[1]


def dripping(site: Site) -> Play:
    """Send a byte now and then: each byte is in time, but the page never ends."""

    def play(request: BaseHTTPRequestHandler) -> None:
        page(b"", claims=99_999)(request)
        while not site.over.wait(0.1):
            request.wfile.write(b".")

    return play


def dripping_headers(site: Site) -> Play:
    def play(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not site.over.wait(0.1):
            request.wfile.write(b"X: y\r\n")

    return play


@pytest.mark.parametrize("kind", [hanging, dripping, dripping_headers])
def test_a_slow_server_times_out(site: Site, kind: Callable[[Site], Play]) -> None:
    site.plays["/"] = kind(site)
    error = refused(f"{site.url}/", limits=QUICK)
    assert str(error) == "the server did not answer in time"
    assert error.temporary


def test_a_resolver_that_hangs_times_out(site: Site) -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        site.over.wait()
        return ["127.0.0.1"]

    error = refused(f"{site.url}/", resolve=resolve, limits=Limits(connect_s=0.1, total_s=1))
    assert error.temporary


def test_a_body_shorter_than_its_content_length_is_an_error(site: Site) -> None:
    site.plays["/"] = page(PAGE, claims=len(PAGE) + 10)
    error = refused(f"{site.url}/")
    assert "without sending complete message body" in str(error)
    assert error.temporary


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (gzip.compress(bytes(10**8)), "larger than 100,000 bytes when unpacked"),
        (gzip.compress(gzip.compress(PAGE))[:-4], "its gzip data is cut off"),
        (b"no gzip", "its gzip data is damaged"),
    ],
    ids=["bomb", "cut", "damaged"],
)
def test_a_body_that_cannot_be_unpacked_within_the_limits_is_an_error(
    site: Site, raw: bytes, cause: str
) -> None:
    assert len(raw) < 100_000
    site.plays["/"] = page(raw, Content_Encoding="gzip")
    assert str(refused(f"{site.url}/")) == cause


def test_a_body_of_several_gzip_members_is_one_page(site: Site) -> None:
    members = [gzip.compress(piece) for piece in (PAGE[:9], *[b""] * 1000, PAGE[9:])]
    site.plays["/"] = page(b"".join(members), Content_Encoding="gzip")
    assert get(f"{site.url}/").body == PAGE


def test_an_unsupported_content_encoding_is_an_error(site: Site) -> None:
    site.plays["/"] = page(PAGE, Content_Encoding="gzip, gzip")
    assert str(refused(f"{site.url}/")) == "compressed with gzip, gzip, which is not supported"


def test_a_large_body_is_not_read_to_its_end(site: Site) -> None:
    site.plays["/"] = page(bytes(50_000), claims=10**12)
    site.plays["/large"] = page(bytes(100_001), claims=10**12)
    assert str(refused(f"{site.url}/large")) == "larger than 100,000 bytes"
    assert refused(f"{site.url}/").temporary  # it may be cut off, it is not too large


def test_at_most_five_redirects_are_followed(site: Site) -> None:
    for hop in range(6):
        site.plays[f"/{hop}"] = moved(f"/{hop + 1}")
    site.plays["/6"] = page(PAGE)
    assert get(f"{site.url}/1").url == f"{site.url}/6"
    assert str(refused(f"{site.url}/0")) == "more than 5 redirects"
    site.plays["/loop"] = moved("/loop")
    assert str(refused(f"{site.url}/loop")) == "more than 5 redirects"


@pytest.mark.parametrize(
    ("to", "cause"),
    [
        ("http://127.0.0.2/", "127.0.0.2 is not a public address"),
        ("http://[::1]/", "::1 is not a public address"),
        ("http://[::ffff:127.0.0.1]/", "::ffff:127.0.0.1 is not a public address"),
        ("http://169.254.169.254/latest/", "169.254.169.254 is not a public address"),
        ("http://inner.example/", "10.0.0.1 (inner.example) is not a public address"),
        ("http://mixed.example/", "192.168.0.1 (mixed.example) is not a public address"),
        ("file:///etc/passwd", "redirected to file:, which is not supported"),
        ("http://me:secret@news.example/", "a user name or password"),
    ],
)
def test_a_redirect_to_a_private_address_is_an_error(site: Site, to: str, cause: str) -> None:
    site.plays["/"] = moved(to)
    error = refused(f"{site.url}/")
    assert cause in str(error)
    assert not error.temporary


def test_the_address_that_was_checked_is_the_one_connected_to(site: Site) -> None:
    """A name that resolves to another address each time is rejected each time."""
    answers = [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]
    site.plays["/"] = page(PAGE)
    one = fetcher(resolve=lambda *_: answers.pop(0))
    url = f"{site.named('rebinding.example')}/"
    assert one.get(url, HERE).address == "127.0.0.1"  # robots.txt and page: one question each
    with pytest.raises(
        FetchError, match=r"10\.0\.0\.1 \(rebinding.example\) is not a public address"
    ):
        one.get(url, HERE)
    assert site.last_headers()["Host"] == f"rebinding.example:{site.port}"
    assert answers == []


def test_this_machine_is_not_a_public_address(site: Site) -> None:
    with pytest.raises(FetchError, match=r"127.0.0.1 is not a public address"):
        fetcher().get(f"{site.url}/")
    assert site.asked == []


def test_a_refused_connection_is_a_temporary_error() -> None:
    assert refused("http://127.0.0.1:1/").temporary
    assert "no address" in str(refused("http://nothing.example/"))


def test_robots_txt_is_obeyed_on_every_hop(site: Site) -> None:
    site.plays["/robots.txt"] = page(b"User-agent: nalssi\nDisallow: /no\n", "text/plain")
    site.plays["/yes"] = page(PAGE)
    site.plays["/on"] = moved("/no")
    one = fetcher()
    assert one.get(f"{site.url}/yes", HERE).body == PAGE
    for path in ("/no", "/on"):
        with pytest.raises(
            FetchError, match=r"robots.txt of 127.0.0.1 forbids the page"
        ) as failure:
            one.get(f"{site.url}{path}", HERE)
        assert not failure.value.temporary
    assert site.paths() == ["/yes", "/on"]
    assert [path for path, _ in site.asked].count("/robots.txt") == 1


def test_a_missing_robots_txt_allows_all_pages_and_a_failing_one_forbids_all(site: Site) -> None:
    site.plays["/"] = page(PAGE)
    assert get(f"{site.url}/").body == PAGE
    site.plays["/robots.txt"] = in_turn(page(b"", status=503), page(b""))
    one = fetcher()
    with pytest.raises(
        FetchError, match=r"robots.txt of 127.0.0.1: the server answered 503"
    ) as bad:
        one.get(f"{site.url}/", HERE)
    assert bad.value.temporary
    assert one.get(f"{site.url}/", HERE).body == PAGE  # tried again


def test_requests_to_a_host_keep_its_delay_and_its_crawl_delay(site: Site) -> None:
    site.plays["/robots.txt"] = page(b"User-agent: *\nCrawl-delay: 30\n", "text/plain")
    site.plays["/"] = page(PAGE)
    time = Time()
    one = fetcher(time)
    for _ in range(2):
        one.get(f"{site.named('news.example')}/", HERE)
    assert time.slept == [30, 30]
    one.get(
        f"{site.named('other.example')}/", HERE
    )  # another host: no need to wait but for its own
    assert time.slept == [30, 30, 30]


def test_a_run_waits_for_a_short_retry_after(site: Site) -> None:
    site.plays["/"] = in_turn(page(b"", status=429, Retry_After="40"), page(PAGE))
    time = Time()
    one = fetcher(time)
    with pytest.raises(FetchError) as failure:
        one.get(f"{site.url}/", HERE)
    assert failure.value.temporary
    assert failure.value.retry_at
    assert one.get(f"{site.url}/", HERE).body == PAGE
    assert time.slept == [5, 40]


def test_a_long_retry_after_is_left_to_a_later_run(site: Site) -> None:
    site.plays["/"] = page(b"", status=503, Retry_After="3600")
    one = fetcher()
    before = datetime.now(UTC)
    with pytest.raises(FetchError) as failure:
        one.get(f"{site.url}/", HERE)
    assert not failure.value.temporary
    assert failure.value.retry_at
    hour = timedelta(hours=1)
    assert before + hour <= failure.value.retry_at <= datetime.now(UTC) + hour
    with pytest.raises(FetchError, match="a pause of 3,600 s"):
        one.get(f"{site.url}/", HERE)
    assert site.paths() == ["/"]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Sun, 22 Nov 2026 12:01:00 GMT", 60),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("9" * 5000, 86400),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: int | None) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert parse_retry_after(value, now) == expected
