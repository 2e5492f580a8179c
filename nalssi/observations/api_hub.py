"""Call KMA's API hub (apihub.kma.go.kr): politely, within limits, and without showing the key.

The key is a parameter of the address. httpx writes addresses to its log and into its errors, so the
key is added below httpx: `_KeyTransport` adds it to the copy of the request that is sent. Nothing
that the server sends is shown before the key is removed from it. Errors of libraries are not
chained, because their text may quote the server.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from nalssi.common.errors import first_line
from nalssi.common.korea_time import KST
from nalssi.common.retry_after import parse_retry_after
from nalssi.common.version import __version__
from nalssi.observations.api_hub_error import ApiHubError
from nalssi.observations.api_hub_key import ApiHubKey
from nalssi.observations.api_hub_table import error_of_text, read_answer
from nalssi.observations.asos_table import Block

ADDRESS = "https://apihub.kma.go.kr/api/typ01/url/"
ONE_HOUR, SOME_HOURS = "kma_sfctm2.php", "kma_sfctm3.php"
HOURS_PER_CALL = 30 * 24
"""The largest number of hours that one call fetches. KMA allows 30 days."""
_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "proxy", "http2")))


@dataclass(frozen=True)
class CallLimits:
    """The limits of calls: seconds, bytes and attempts."""

    connect_s: float = 10.0
    """The longest time to connect to the hub."""
    read_s: float = 60.0
    """The longest wait for the next bytes of an answer."""
    total_s: float = 300.0
    """The longest time in which the body of one answer is received."""
    size: int = 32 << 20
    """The largest answer in bytes. 30 days of all stations have about 18 MB."""
    attempts: int = 3
    """The largest number of attempts, if calls fail for a reason that may soon pass."""
    first_pause_s: float = 10.0
    """Seconds before the second attempt, if the hub does not ask for a pause. The pause before each
    later attempt is three times as long."""
    longest_pause_s: float = 120.0
    """If the hub asks for a longer pause, the call is not repeated."""
    between_calls_s: float = 2.0
    """The pause between the end of a call and the next one. A repeated call waits for both pauses.
    """


@dataclass(frozen=True)
class _Answer:
    """The answer to a request. If there is none, `failure` is the cause.

    `temporary` is True if another attempt may then succeed.
    """

    status: int = 0
    body: bytes = b""
    retry_after: str | None = None
    failure: str | None = None
    temporary: bool = False


class ApiHub:
    """Calls the API hub with a key. One object makes one call at a time.

    `address` is that of the hub (default: ADDRESS). `sleep` waits for a number of seconds, and
    `now` returns the current time; tests replace them.
    """

    def __init__(
        self,
        key: ApiHubKey,
        *,
        address: str | None = None,
        limits: CallLimits | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._key = key
        self._address = address or ADDRESS
        self._limits = limits or CallLimits()
        self._sleep = sleep
        self._now = now
        self._ssl_context = httpx.create_ssl_context()  # honours SSL_CERT_FILE
        self._called = False

    def fetch(self, first: datetime, last: datetime) -> Block:
        """Return the rows of the hours from `first` to `last`, both included.

        The caller asks for at most `HOURS_PER_CALL` hours. Calls that fail for a reason that may
        soon pass are repeated. Raises ApiHubError if the last attempt fails too, if another one
        would not help, or if the hub asks for a longer pause than the limit.
        """
        limits, error = self._limits, ApiHubError("no call was made")
        for attempt in range(1, limits.attempts + 1):
            if self._called:
                self._sleep(limits.between_calls_s)
            self._called = True
            outcome = self._attempt(first, last)
            if isinstance(outcome, Block):
                return outcome
            error = outcome
            pause = limits.first_pause_s * 3 ** (attempt - 1)
            if error.pause is not None:
                pause = error.pause.total_seconds()
            if not error.temporary or attempt == limits.attempts or pause > limits.longest_pause_s:
                break
            self._sleep(pause)
        raise error

    def _attempt(self, first: datetime, last: datetime) -> Block | ApiHubError:
        """Make a call for the hours from `first` to `last`.

        Return the rows of its answer, or the error that is the reason why it has none.
        """
        answer = self._call(first, last)
        if error := self._error_of(answer):
            return error
        try:
            return read_answer(self._key.hide(_decoded(answer.body)), first, last)
        except ApiHubError as refused:
            return refused

    def _error_of(self, answer: _Answer) -> ApiHubError | None:
        """Return the error if a request failed or its status is not 200, else None."""
        if answer.failure is not None:
            return ApiHubError(self._key.hide(answer.failure), temporary=answer.temporary)
        if answer.status == httpx.codes.OK:
            return None
        error = error_of_text(self._key.hide(_decoded(answer.body)), answer.status)
        pause = parse_retry_after(answer.retry_after, self._now())
        if pause is None:
            return error
        until = (self._now() + pause).astimezone(KST)
        cause = f"{error}; it asks for a pause until {until:%Y-%m-%d %H:%M} KST"
        return ApiHubError(cause, temporary=error.temporary, pause=pause)

    def _call(self, first: datetime, last: datetime) -> _Answer:
        stamp = "%Y%m%d%H%M"
        begin, end = (hour.astimezone(KST).strftime(stamp) for hour in (first, last))
        hours = {"tm": begin} if first == last else {"tm1": begin, "tm2": end}
        page = ONE_HOUR if first == last else SOME_HOURS
        with _hidden_in_logs(self._key):
            return self._request(page, {**hours, "stn": "0", "help": "0"})

    def _request(self, page: str, parameters: dict[str, str]) -> _Answer:
        """Send a request. Errors of httpx are not raised: they become an answer with `failure`.

        `page` is the path that is added to the hub's address.
        """
        limits = self._limits
        try:
            with (
                httpx.Client(
                    transport=_KeyTransport(self._key, self._ssl_context),
                    trust_env=False,
                    timeout=httpx.Timeout(limits.read_s, connect=limits.connect_s),
                    headers={
                        "User-Agent": f"nalssi/{__version__} (official hourly observations)",
                        "Accept-Encoding": "identity",
                    },
                ) as client,
                client.stream("GET", self._address + page, params=parameters) as response,
            ):
                return self._read(response)
        except httpx.TimeoutException:
            return _Answer(failure="the API hub did not answer in time", temporary=True)
        except httpx.RemoteProtocolError:
            cause = "the answer of the API hub ends too early, or is not HTTP"
            return _Answer(failure=cause, temporary=True)
        except httpx.HTTPError as error:
            cause = f"the API hub cannot be reached: {first_line(error)}"
            return _Answer(failure=cause, temporary=True)

    def _read(self, response: httpx.Response) -> _Answer:
        """Read an answer. The result has a `failure` if it is compressed or exceeds a limit."""
        limits = self._limits
        encoding = response.headers.get("content-encoding", "identity").lower()
        if encoding != "identity":
            return _Answer(failure=f"the API hub compressed its answer as {encoding!r}, unasked")
        end = time.monotonic() + limits.total_s
        body = bytearray()
        for piece in response.iter_raw(1 << 16):
            body += piece
            if len(body) > limits.size:
                failure = f"an answer of the API hub is larger than {limits.size:,} bytes"
                return _Answer(failure=failure)
            if time.monotonic() > end:
                failure = f"an answer of the API hub took more than {limits.total_s:g} seconds"
                return _Answer(failure=failure, temporary=True)
        return _Answer(response.status_code, bytes(body), response.headers.get("retry-after"))


class _KeyTransport(httpx.HTTPTransport):
    """Adds the key to each request that it sends, so that httpx does not know the key."""

    def __init__(self, key: ApiHubKey, ssl_context: ssl.SSLContext) -> None:
        super().__init__(verify=ssl_context)
        self._key = key

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a copy of the request, with the key as its parameter `authKey`."""
        with_key = httpx.Request(
            request.method,
            request.url.copy_merge_params({"authKey": self._key.secret}),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return super().handle_request(with_key)


def _decoded(body: bytes) -> str:
    """Decode an answer. Tables are in EUC-KR, which CP949 includes; some errors are in UTF-8."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp949", errors="replace")


@contextmanager
def _hidden_in_logs(key: ApiHubKey) -> Iterator[None]:
    """During the `with` block, remove the key from the log records of HTTP libraries.

    Their log quotes answers of servers, which may repeat the key.
    """

    def hide(record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if (hidden := key.hide(message)) != message:
            record.msg, record.args = hidden, ()
        return True

    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addFilter(hide)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(hide)
