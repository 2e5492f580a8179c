"""Connections to public addresses only, within a time limit.

The address that a name resolves to is checked where the connection is made, and the connection
is made to the very address that was checked: a name that answers differently the second time
gains nothing, and neither does a redirect. This is httpcore's seam for it, a network backend;
httpx offers none, so it gets a transport of ours. No proxy and no credentials of the environment.
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


class RefusedError(Exception):
    """A host that is not connected to: its address or its certificate; the message is the cause."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, by the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Deadline:
    """The end of the time that a request may take."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, at_most: float | None) -> float:
        """Seconds that the next step may take; ReadTimeout when none are left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("time is up")
        return left if at_most is None else min(left, at_most)


class Backend(httpcore.NetworkBackend):
    """Connects to addresses that may be connected to, and ends at the deadline."""

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
        """Connect to the first address of the host that answers; all must be good ones."""
        addresses = self._checked(host, port, self._deadline.left(timeout))
        for more, address in enumerate(addresses, 1 - len(addresses)):
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not more:
                    raise
            else:
                return _Stream(stream, self._deadline, address)
        raise RefusedError(f"{host} has no address")

    def _checked(self, host: str, port: int, seconds: float) -> list[str]:
        addresses = _in_time(lambda: self._resolve(host, port), seconds)
        for text in addresses:
            try:
                address = ip_address(text)
            except ValueError as error:
                raise RefusedError(f"{host} resolves to {text}, which is no address") from error
            allowed = any(address in network for network in self._allowed)
            if not (allowed or is_public(address)):
                where = text if host.strip("[]") == text else f"{text} ({host})"
                raise RefusedError(f"{where} is no public address")
        return list(addresses)


def _in_time(ask: Callable[[], Sequence[str]], seconds: float) -> Sequence[str]:
    """The resolver's answer; it has no time limit of its own, so its thread may be left behind."""
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(ask())
        except Exception as error:  # noqa: BLE001  # raised again in the thread that asks
            answers.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise httpcore.ConnectTimeout("no answer of the name server") from None
    if isinstance(answer, Exception):
        if not isinstance(answer, OSError):  # no host has such a name: it is too long, say
            raise RefusedError(f"the host cannot be looked up: {answer}") from answer
        raise httpcore.ConnectError(answer.strerror or str(answer)) from answer
    return answer


class _Stream(httpcore.NetworkStream):
    """A stream each of whose steps ends at the deadline: a server that drips gains nothing."""

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
                raise RefusedError(f"its certificate: {error.__cause__.verify_message}") from error
            raise
        return _Stream(secured, self._deadline, self._address)

    def get_extra_info(self, info: str) -> Any:
        # A socket that the server has closed no longer knows whom it was connected to.
        return self._address if info == "address" else self._stream.get_extra_info(info)


class Transport(httpx.BaseTransport):
    """httpx's requests over connections of a `Backend`, each on its own."""

    def __init__(self, backend: Backend, ssl_context: ssl.SSLContext) -> None:
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
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
