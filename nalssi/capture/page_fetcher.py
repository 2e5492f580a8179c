"""Fetch a page politely, within limits, and from public addresses only.

The body is kept as the server sent it (`FetchedResponse.raw`). It is unpacked only to check that it
is complete, how large it is, and whether its content is new.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpcore
import httpx
from protego import Protego

from nalssi.capture.fetched_response import FetchedResponse, FetchError, unpack
from nalssi.capture.host_queues import (
    LONGEST_WAIT_S,
    HostQueues,
    PauseTooLongError,
)
from nalssi.capture.public_connections import (
    Deadline,
    HostNotAllowedError,
    Network,
    PublicBackend,
    PublicTransport,
    Resolve,
    resolve,
)
from nalssi.capture.robots_txt import ROBOT, parse_robots_txt
from nalssi.common.errors import class_and_first_line, first_line
from nalssi.common.retry_after import parse_retry_after
from nalssi.common.version import USER_AGENT

TEMPORARY_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
"""The HTTP statuses after which another request may soon succeed."""
_ACCEPT_HEADERS = {
    "Accept": "text/html, application/xhtml+xml, application/xml, text/xml, text/plain;q=0.9",
    "Accept-Language": "ko",
    "Accept-Encoding": "gzip",
}


@dataclass(frozen=True)
class Limits:
    """The limits of a fetch: seconds and bytes for each request, and the number of redirects."""

    connect_s: float = 10.0
    read_s: float = 20.0
    total_s: float = 60.0
    size: int = 5 * 2**20
    """The largest body in bytes, both as sent and unpacked."""
    redirects: int = 5


class Fetcher:
    """Fetches the pages of one run. It sends `contact`, a mail or web address, to the servers."""

    def __init__(
        self,
        hosts: HostQueues,
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
        self._agent = f"{USER_AGENT[:-1]}; +{contact})" if contact else USER_AGENT
        self._ssl_context = httpx.create_ssl_context()  # honours SSL_CERT_FILE
        self._robots: dict[str, Protego] = {}
        self._robots_locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(
        self,
        url: str,
        allowed: Sequence[Network] = (),
        validators: Mapping[str, Mapping[str, str]] | None = None,
    ) -> FetchedResponse:
        """Fetch a page: a response with status 200 or 304 (not modified).

        `allowed` are networks to which connections are allowed although they are not public.
        `validators` are the headers of a conditional request, by the address to which they belong.

        Raises FetchError for every failure. Libraries raise many kinds of errors for the input of a
        hostile server, and none of them may end a run.
        """
        try:
            answer = self._follow(url, allowed, validators or {}, self._check_robots)
            if answer.status not in (200, 304):
                raise self._error_of(answer)
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
        check_robots: Callable[[httpx.URL, Sequence[Network]], None],
    ) -> FetchedResponse:
        """Request an address and follow its redirects; return the last response.

        `allowed` and `validators` are the arguments of `get`. `check_robots` is called for each
        address before it is requested.
        """
        for hop in range(self._limits.redirects + 1):
            address = _parse_address(url, "redirected to " if hop else "")
            check_robots(address, allowed)
            answer, target = self._request(address, allowed, validators.get(url, {}))
            if target is None:
                return answer
            url = target
        raise FetchError(f"more than {self._limits.redirects} redirects")

    def _check_robots(self, url: httpx.URL, allowed: Sequence[Network]) -> None:
        """Raise FetchError if the robots.txt of the host forbids the address or cannot be read.

        `allowed` are networks to which connections are allowed although they are not public.
        """
        origin = str(url.copy_with(raw_path=b"/"))
        with self._lock:
            lock = self._robots_locks.setdefault(origin, threading.Lock())
        with lock:
            if origin not in self._robots:
                self._robots[origin] = self._read_robots(url, allowed)
        if not self._robots[origin].can_fetch(str(url), ROBOT):
            raise FetchError(f"robots.txt of {url.host} forbids the page")

    def _read_robots(self, url: httpx.URL, allowed: Sequence[Network]) -> Protego:
        """Return the robots.txt rules of the host of an address.

        RFC 9309: if the server fails or does not answer, nothing is allowed: FetchError is raised.
        After any other answer than 200, such as 404, everything is allowed. `allowed` are networks
        to which connections are allowed although they are not public.
        """
        address = str(url.copy_with(raw_path=b"/robots.txt"))
        try:
            answer = self._follow(address, allowed, {}, lambda *_: None)
            if answer.status in TEMPORARY_STATUSES or answer.status >= 500:
                raise self._error_of(answer)
        except FetchError as error:
            raise FetchError(
                f"robots.txt of {url.host}: {error}",
                temporary=error.temporary,
                status=error.status,
                retry_at=error.retry_at,
            ) from error
        robots = parse_robots_txt(answer.body if answer.status == 200 else b"")
        if delay := robots.crawl_delay(ROBOT):
            self._hosts.slow_down(url.host, delay)
        return robots

    def _request(
        self, url: httpx.URL, allowed: Sequence[Network], conditions: Mapping[str, str]
    ) -> tuple[FetchedResponse, str | None]:
        """Send one request when the host's queue allows it.

        `allowed` are networks to which connections are allowed although they are not public.
        `conditions` are headers such as `If-None-Match`. Returns the response, and the address to
        which it redirects or None.
        """
        limits = self._limits
        try:
            with self._hosts.turn(url.host):
                backend = PublicBackend(Deadline(limits.total_s), allowed, self._resolve)
                with httpx.Client(
                    transport=PublicTransport(backend, self._ssl_context),
                    trust_env=False,
                    timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s),
                    headers={"User-Agent": self._agent} | _ACCEPT_HEADERS,
                ) as client:
                    at = self.now()
                    with client.stream("GET", url, headers=dict(conditions)) as response:
                        # the body of a redirect or of an error is not a page
                        raw = self._body(response) if response.status_code == 200 else b""
                        onward = response.next_request
                        target = str(onward.url.copy_with(fragment=None)) if onward else None
                        return self._answer(response, at, raw), target
        except (PauseTooLongError, HostNotAllowedError) as error:
            raise FetchError(str(error)) from error
        except (httpcore.ConnectTimeout, httpcore.ReadTimeout, httpcore.WriteTimeout) as error:
            raise FetchError("the server did not answer in time", temporary=True) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError) as error:
            raise FetchError(first_line(error), temporary=True) from error
        except httpx.InvalidURL as error:
            raise FetchError(f"redirected to an invalid address: {error}") from error

    def _body(self, response: httpx.Response) -> bytes:
        """Read the body without unpacking it. Raises FetchError if it is too large."""
        raw = bytearray()
        for piece in response.iter_raw():
            raw += piece
            if len(raw) > self._limits.size:
                raise FetchError(f"larger than {self._limits.size:,} bytes")
        return bytes(raw)

    def _answer(self, response: httpx.Response, at: datetime, raw: bytes) -> FetchedResponse:
        return FetchedResponse(
            url=str(response.url),
            at=at,
            status=response.status_code,
            reason=response.reason_phrase,
            http_version=response.http_version,
            headers=response.headers.raw,
            address=response.extensions["network_stream"].get_extra_info("address"),
            raw=raw,
            body=unpack(raw, response.headers.get("content-encoding", ""), self._limits.size),
        )

    def _error_of(self, answer: FetchedResponse) -> FetchError:
        """Return the error for a response that has no page, such as one with status 404.

        If the response asks for a pause (`Retry-After`), the host gets no requests for that time.
        """
        pause = parse_retry_after(answer.header("retry-after"), self.now())
        if pause is not None:
            self._hosts.pause(httpx.URL(answer.url).host, pause.total_seconds())
        soon = pause is None or pause.total_seconds() <= LONGEST_WAIT_S
        return FetchError(
            f"the server answered {answer.status}",
            temporary=answer.status in TEMPORARY_STATUSES and soon,
            status=answer.status,
            retry_at=None if pause is None else self.now() + pause,
        )


def _parse_address(url: str, prefix: str) -> httpx.URL:
    """Parse an address. Raises FetchError if it must not be fetched.

    `prefix` is the beginning of the error message.
    """
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchError(f"{prefix}an invalid address: {error}") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise FetchError(f"{prefix}{address.scheme}:, which is not supported")
    if address.userinfo:
        raise FetchError(f"{prefix}an address with a user name or password")
    if address.port is not None and not 0 < address.port < 2**16:
        raise FetchError(f"{prefix}port {address.port}, which does not exist")
    return address
