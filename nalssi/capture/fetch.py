"""Fetching a page: politely, within limits, from public addresses.

What a server sends is kept as it came (`Answer.raw`); it is unpacked only to see that it is whole,
how large it is and whether it is what was met before.
"""

from __future__ import annotations

import gzip
import io
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpcore
import httpx
from protego import Protego

from nalssi.capture.connection import (
    Backend,
    Deadline,
    Network,
    RefusedError,
    Resolve,
    Transport,
    resolve,
)
from nalssi.capture.hosts import PATIENCE_S, Hosts, NotNowError, retry_after
from nalssi.capture.robots import ROBOT, parse_robots
from nalssi.common.errors import class_and_first_line, first_line
from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text
from nalssi.common.version import __version__

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be another one soon."""
_ACCEPTED = {
    "Accept": "text/html, application/xhtml+xml, application/xml, text/xml, text/plain;q=0.9",
    "Accept-Language": "ko",
    "Accept-Encoding": "gzip",
}


class FetchError(Exception):
    """A page was not got; the message is the cause, in one line. It may quote the server."""

    def __init__(
        self,
        cause: str,
        *,
        passing: bool = False,
        status: int | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(safe_text(cause, MAX_MESSAGE_LENGTH))
        self.passing = passing
        """Whether trying again soon may help."""
        self.status = status
        self.retry_at = retry_at
        """When the server said that it may be asked again."""


@dataclass(frozen=True)
class Limits:
    """Bounds of one request, and of a chain of them."""

    connect_s: float = 10.0
    read_s: float = 20.0
    total_s: float = 60.0
    size: int = 5 * 2**20
    """Bytes of a body, as it came and unpacked."""
    redirects: int = 5


@dataclass(frozen=True)
class Answer:
    """What a server answered, as it came."""

    url: str
    """Where the answer came from, after redirects."""
    at: datetime
    status: int
    reason: str
    http_version: str
    headers: Sequence[tuple[bytes, bytes]]
    address: str
    """The server's address."""
    raw: bytes
    """The body as it was sent, without chunks."""
    body: bytes
    """The body, unpacked."""

    def header(self, name: str) -> str | None:
        """A header's value; None without it."""
        value: str | None = httpx.Headers(self.headers).get(name)
        return value


class Fetcher:
    """Fetches for one run: knows whose turn it is and what each robots.txt says."""

    def __init__(
        self,
        hosts: Hosts,
        *,
        contact: str | None = None,
        limits: Limits | None = None,
        resolve: Resolve = resolve,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.now = now
        self._hosts = hosts
        self._limits = limits or Limits()
        self._resolve = resolve
        self._agent = f"nalssi/{__version__} (Korean weather tickers" + (
            f"; +{contact})" if contact else ")"
        )
        self._ssl_context = httpx.create_ssl_context()  # SSL_CERT_FILE may name other authorities
        self._robots: dict[str, Protego] = {}
        self._robots_locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(
        self,
        url: str,
        allowed: Sequence[Network] = (),
        validators: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Answer:
        """The page behind an address: an answer of 200, or of 304 if `validators` were sent.

        `validators`: headers of a conditional request, by the address that they belong to.
        Raises FetchError, whatever goes wrong: libraries raise errors of many kinds for what a
        hostile server sends, and none of them may end a run.
        """
        try:
            answer = self._follow(url, allowed, validators or {}, self._obey)
            if answer.status not in (200, 304):
                raise self._refused(answer)
            return answer
        except FetchError:
            raise
        except Exception as error:
            raise FetchError(class_and_first_line(error)) from error

    def _follow(
        self,
        url: str,
        allowed: Sequence[Network],
        validators: Mapping[str, Mapping[str, str]],
        obey: Callable[[httpx.URL, Sequence[Network]], None],
    ) -> Answer:
        for hop in range(self._limits.redirects + 1):
            address = _checked(url, "redirected to " if hop else "")
            obey(address, allowed)
            answer, onwards = self._request(address, allowed, validators.get(url, {}))
            if onwards is None:
                return answer
            url = onwards
        raise FetchError(f"more than {self._limits.redirects} redirects")

    def _obey(self, url: httpx.URL, allowed: Sequence[Network]) -> None:
        """FetchError if the host's robots.txt forbids the address."""
        origin = str(url.copy_with(raw_path=b"/"))
        with self._lock:
            lock = self._robots_locks.setdefault(origin, threading.Lock())
        with lock:
            if origin not in self._robots:
                self._robots[origin] = self._read_robots(url, allowed)
        if not self._robots[origin].can_fetch(str(url), ROBOT):
            raise FetchError(f"robots.txt of {url.host} forbids it")

    def _read_robots(self, url: httpx.URL, allowed: Sequence[Network]) -> Protego:
        """As RFC 9309 has it: none allows all, one that cannot be got forbids all."""
        address = str(url.copy_with(raw_path=b"/robots.txt"))
        try:
            answer = self._follow(address, allowed, {}, lambda *_: None)
            if answer.status in PASSING or answer.status >= 500:
                raise self._refused(answer)
        except FetchError as error:
            raise FetchError(
                f"robots.txt of {url.host}: {error}",
                passing=error.passing,
                status=error.status,
                retry_at=error.retry_at,
            ) from error
        robots = parse_robots(answer.body if answer.status == 200 else b"")
        if delay := robots.crawl_delay(ROBOT):
            self._hosts.slow_down(url.host, delay)
        return robots

    def _request(
        self, url: httpx.URL, allowed: Sequence[Network], conditions: Mapping[str, str]
    ) -> tuple[Answer, str | None]:
        """One request when it is the host's turn; the answer, and where it redirects to."""
        limits = self._limits
        try:
            with self._hosts.turn(url.host):
                backend = Backend(Deadline(limits.total_s), allowed, self._resolve)
                with httpx.Client(
                    transport=Transport(backend, self._ssl_context),
                    trust_env=False,
                    timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s),
                    headers={"User-Agent": self._agent} | _ACCEPTED,
                ) as client:
                    at = self.now()
                    with client.stream("GET", url, headers=dict(conditions)) as response:
                        # What comes with a redirect or a refusal is nobody's page.
                        raw = self._body(response) if response.status_code == 200 else b""
                        onwards = response.next_request
                        to = str(onwards.url.copy_with(fragment=None)) if onwards else None
                        return self._answer(response, at, raw), to
        except (NotNowError, RefusedError) as error:
            raise FetchError(str(error)) from error
        except (httpcore.ConnectTimeout, httpcore.ReadTimeout, httpcore.WriteTimeout) as error:
            raise FetchError("the server did not answer in time", passing=True) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError) as error:
            raise FetchError(first_line(error), passing=True) from error
        except httpx.InvalidURL as error:
            raise FetchError(f"redirected to no address: {error}") from error

    def _body(self, response: httpx.Response) -> bytes:
        raw = bytearray()
        for piece in response.iter_raw():
            raw += piece
            if len(raw) > self._limits.size:
                raise FetchError(f"larger than {self._limits.size:,} bytes")
        return bytes(raw)

    def _answer(self, response: httpx.Response, at: datetime, raw: bytes) -> Answer:
        return Answer(
            url=str(response.url),
            at=at,
            status=response.status_code,
            reason=response.reason_phrase,
            http_version=response.http_version,
            headers=response.headers.raw,
            address=response.extensions["network_stream"].get_extra_info("address"),
            raw=raw,
            body=_unpacked(raw, response.headers.get("content-encoding", ""), self._limits.size),
        )

    def _refused(self, answer: Answer) -> FetchError:
        """What an answer without a page means; a host that asks for a pause gets it."""
        pause = retry_after(answer.header("retry-after"), self.now())
        if pause is not None:
            self._hosts.pause(httpx.URL(answer.url).host, pause.total_seconds())
        soon = pause is None or pause.total_seconds() <= PATIENCE_S
        return FetchError(
            f"the server answered {answer.status}",
            passing=answer.status in PASSING and soon,
            status=answer.status,
            retry_at=None if pause is None else self.now() + pause,
        )


def _checked(url: str, how: str) -> httpx.URL:
    """The address, if it may be fetched; `how` it was come by is part of the error."""
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchError(f"{how}no address: {error}") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise FetchError(f"{how}{address.scheme}:, which is not fetched")
    if address.userinfo:
        raise FetchError(f"{how}an address with a user's name or password in it")
    if address.port is not None and not 0 < address.port < 2**16:
        raise FetchError(f"{how}port {address.port}, which there is not")
    return address


def _unpacked(raw: bytes, encoding: str, most: int) -> bytes:
    """A body without its `Content-Encoding`, unpacked no further than it may be large."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity") or not raw:
        return raw
    if encoding not in ("gzip", "x-gzip"):
        raise FetchError(f"packed with {encoding[:20]}, which was not asked for")
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as file:
            unpacked = file.read(most + 1)
    except EOFError as error:
        raise FetchError("cut off in the middle (gzip)", passing=True) from error
    except (zlib.error, gzip.BadGzipFile) as error:
        raise FetchError("packed with gzip, and damaged", passing=True) from error
    if len(unpacked) > most:
        raise FetchError(f"larger than {most:,} bytes when unpacked")
    return unpacked
