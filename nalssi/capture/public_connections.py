"""HTTP connections to public addresses and allowed networks only, within a time limit.

The code that connects also resolves the host name and checks its addresses, and it connects to the
address that it has checked. So neither a redirect nor a name that resolves to another address the
next time can reach a private network. httpcore offers network backends for this purpose; httpx does
not, so `PublicTransport` connects the two. Proxies and credentials of the environment are not used.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

import httpcore
import httpx

from nalssi.capture.public_addresses import is_public

Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Sequence[str]]


class HostNotAllowedError(Exception):
    """Connections to a host are not allowed, because of its addresses or its certificate.

    The message is the cause.
    """


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, from the system's resolver, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Deadline:
    """The time at which a request must be finished: `seconds` after the object is made."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, at_most: float | None) -> float:
        """Return the seconds that the next step may take, at most `at_most` (None: no limit).

        Raises ReadTimeout if the deadline has passed.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("time is up")
        return left if at_most is None else min(left, at_most)


class PublicBackend(httpcore.NetworkBackend):
    """A network backend of httpcore that connects to public addresses and to `allowed` networks.

    Every step must end before the deadline.
    """

    def __init__(
        self, deadline: Deadline, allowed: Iterable[Network] = (), resolve: Resolve = resolve
    ) -> None:
        self._deadline = deadline
        self._allowed = tuple(allowed)
        self._resolve = resolve
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that responds.

        The arguments are those of httpcore's backends. Raises HostNotAllowedError if any address of
        the host is not allowed.
        """
        addresses = self._allowed_addresses(host, port, self._deadline.left(timeout))
        for index, address in enumerate(addresses):
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if index == len(addresses) - 1:
                    raise
            else:
                return _Stream(stream, self._deadline, address)
        raise HostNotAllowedError(f"{host} has no address")

    def _allowed_addresses(self, host: str, port: int, seconds: float) -> list[str]:
        """Return the IP addresses of a host. Raises HostNotAllowedError if one is not allowed.

        The host name must be resolved within `seconds`.
        """
        addresses = _within(lambda: self._resolve(host, port), seconds)
        for text in addresses:
            try:
                address = ip_address(text)
            except ValueError as error:
                raise HostNotAllowedError(
                    f"{host} resolves to {text}, which is not an address"
                ) from error
            allowed = any(address in network for network in self._allowed)
            if not (allowed or is_public(address)):
                where = text if host.strip("[]") == text else f"{text} ({host})"
                raise HostNotAllowedError(f"{where} is not a public address")
        return list(addresses)


def _within(ask: Callable[[], Sequence[str]], seconds: float) -> Sequence[str]:
    """Call the function `ask`, which resolves a host name, and return its result within `seconds`.

    The system's resolver has no time limit, so it runs in a thread. The thread may still run when
    this function has returned.
    """
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(ask())
        except Exception as error:  # noqa: BLE001  # raised again in the calling thread
            answers.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise httpcore.ConnectTimeout("the name server did not answer") from None
    if isinstance(answer, Exception):
        if not isinstance(answer, OSError):  # an invalid name, such as one that is too long
            raise HostNotAllowedError(f"the host cannot be looked up: {answer}") from answer
        raise httpcore.ConnectError(answer.strerror or str(answer)) from answer
    return answer


class _Stream(httpcore.NetworkStream):
    """A network stream that stops at the deadline, however slowly the server sends."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline, address: str) -> None:
        self._stream = stream
        self._deadline = deadline
        self._address = address

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout)
        try:
            secured = self._stream.start_tls(ssl_context, server_hostname, left)
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise HostNotAllowedError(
                    f"its certificate: {error.__cause__.verify_message}"
                ) from error
            raise
        return _Stream(secured, self._deadline, self._address)

    def get_extra_info(self, info: str) -> Any:
        # a socket that the server has closed has no address any more
        return self._address if info == "address" else self._stream.get_extra_info(info)


class PublicTransport(httpx.BaseTransport):
    """A transport for httpx whose connections `backend` opens: see `PublicBackend`.

    No connection is used for a second request.
    """

    def __init__(self, backend: PublicBackend, ssl_context: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context, network_backend=backend, max_keepalive_connections=0
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    """The body of an httpcore response, in the form that httpx needs."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
