"""Objects of an S3-compatible store and files of a web server, listed and read as streams.

The library obstore sends the requests. It sends failed requests again with growing pauses (503
SlowDown, 429, timeouts), and resumes a broken response with a range request. Credentials come only
from obstore's standard environment variables (`AWS_ACCESS_KEY_ID`, `AWS_SESSION_TOKEN`, …, or
`AWS_SKIP_SIGNATURE=true` for public data), never from an address. obstore's error messages quote
requests and answers, so this module writes messages of its own.

An object is identified by its entity tag (`etag`) and its size. If the object changes while it is
read, reading fails: the result would be a mixture.
"""

from __future__ import annotations

import errno
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from nalssi.common.version import USER_AGENT

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from obstore.store import HTTPStore, S3Store

SCHEMES: Final = ("s3://", "https://", "http://")
"""The beginnings of remote addresses."""
CHUNK_BYTES: Final = 2**20
"""The least number of bytes that are taken from a response at a time."""
RETRIES: Final = 10
"""The number of times that obstore sends a failed request again."""
RETRY_TIME: Final = timedelta(minutes=3)
"""The time after which obstore sends a failed request no more."""
FRUITLESS_ATTEMPTS: Final = 3
"""The number of times that a broken read is resumed at the same byte, besides obstore's retries."""

_ERROR_CODE = re.compile(r"<Code>([A-Za-z]{1,60})</Code>")


class RemoteError(OSError):
    """A remote object could not be read. `strerror` is the cause, in one line."""


@dataclass(frozen=True, slots=True)
class RemoteObject:
    """An object: its address, its size in bytes, and its entity tag.

    If the server states no entity tag, `etag` is the time of the last change (ISO 8601).
    """

    address: str
    size: int
    etag: str


def is_remote(path: str) -> bool:
    """Return whether a path is the address of an object or of a file on a web server."""
    return path.startswith(SCHEMES)


def refuse_credentials(source: str) -> None:
    """Raise ValueError for an address with a user name or a password.

    Such an address would be stored, logged and shown. The message does not repeat it.
    """
    if "://" in source and "@" in urlsplit(source).netloc:
        raise ValueError("an address must not hold a user name or a password")


def check_address(address: str) -> None:
    """Raise RemoteError if an address names no bucket or host."""
    if not urlsplit(address).hostname:
        raise _error(errno.EINVAL, "the address names no bucket or host")


def find_object(address: str) -> RemoteObject:
    """Ask the store for the size and the entity tag of an object. Raises RemoteError.

    If a web server states no entity tag, the time of the last change is used in its place.
    """
    import obstore

    store, path = _store_and_path(address)
    try:
        meta = obstore.head(store, path)
    except (obstore.exceptions.BaseError, OSError) as error:
        raise remote_error(error) from None
    return _object(address, meta)


def list_objects(prefix: str) -> Iterator[RemoteObject]:
    """Yield the objects of a bucket whose addresses begin with `prefix`, in order of their names.

    `prefix` ends with `/` or names the folder. Raises RemoteError; only S3 can list objects.
    """
    import obstore

    store, path = _store_and_path(prefix)
    bucket = f"s3://{urlsplit(prefix).hostname}/"
    try:
        for metas in obstore.list(store, path or None):
            for meta in metas:
                yield _object(bucket + meta["path"], meta)
    except (obstore.exceptions.BaseError, OSError) as error:
        raise remote_error(error) from None


def read_range(address: str, start: int, end: int) -> bytes:
    """Return bytes `start` to `end` (excluded) of an object, fewer if the object is shorter.

    Raises RemoteError.
    """
    import obstore

    store, path = _store_and_path(address)
    try:
        return bytes(obstore.get_range(store, path, start=start, end=end))
    except (obstore.exceptions.BaseError, OSError) as error:
        raise remote_error(error) from None


class RemoteFile(io.RawIOBase):
    """An object as a seekable binary file. Reading forward uses one response; memory is bounded.

    A read that fails is resumed at the same byte, FRUITLESS_ATTEMPTS times. Raises RemoteError.
    """

    def __init__(self, found: RemoteObject) -> None:
        super().__init__()
        self._found = found
        self._position = 0
        self._response: Iterator[Any] | None = None
        self._rest = memoryview(b"")
        """Bytes of the response that were received and not read."""
        self._rest_at = 0

    def readable(self) -> bool:
        """Return True: the file can be read."""
        return True

    def seekable(self) -> bool:
        """Return True: `seek` can set any position."""
        return True

    def tell(self) -> int:
        """Return the position of the next read."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Set the position of the next read and return it. The next read sends the next request.

        Raises ValueError for a negative position.
        """
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._found.size}[whence]
        if start + offset < 0:
            raise ValueError("negative seek position")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Copy the next bytes to `buffer`, as many as have been received or fit.

        Returns their number, 0 at the end of the object. Raises RemoteError.
        """
        target = memoryview(buffer).cast("B")
        if self._position >= self._found.size or not target:
            return 0
        for attempt in range(FRUITLESS_ATTEMPTS + 1):
            try:
                self._fill()
                break
            except RemoteError:
                self._response = None
                if attempt == FRUITLESS_ATTEMPTS:
                    raise
        start = self._position - self._rest_at
        given = self._rest[start : start + len(target)]
        target[: len(given)] = given
        self._position += len(given)
        return len(given)

    def close(self) -> None:
        """Close the file, and drop the response of the server that is being read."""
        self._response, self._rest = None, memoryview(b"")
        super().close()

    def _fill(self) -> None:
        """Receive bytes until `_rest` contains the byte at the current position.

        Raises RemoteError.
        """
        import obstore

        start = self._position - self._rest_at
        if 0 <= start < len(self._rest):
            return
        if self._response is None or start != len(self._rest):
            self._response = self._request()
        try:
            chunk = next(self._response, None)
        except (obstore.exceptions.BaseError, OSError) as error:
            raise remote_error(error) from None
        if not chunk:
            raise _error(errno.EIO, f"the server's answer ends at byte {self._position:,}")
        self._rest, self._rest_at = memoryview(chunk), self._position

    def _request(self) -> Iterator[Any]:
        """Request the object from the current position to its end; return the answer's chunks.

        Raises RemoteError, also if the object has changed.
        """
        import obstore

        store, path = _store_and_path(self._found.address)
        quoted = self._found.etag.startswith(('"', "W/"))
        try:
            result = obstore.get(
                store,
                path,
                options={
                    "range": {"offset": self._position},
                    **({"if_match": self._found.etag} if quoted else {}),
                },
            )
        except (obstore.exceptions.BaseError, OSError) as error:
            raise remote_error(error) from None
        if _object(self._found.address, result.meta) != self._found:
            raise changed_error()
        return iter(result.stream(min_chunk_size=CHUNK_BYTES))


def remote_error(error: BaseException) -> RemoteError:
    """Return an error of obstore as a RemoteError.

    Its message quotes nothing but the error code and the status code of the answer.
    """
    from obstore import exceptions

    message = str(error)
    code = _ERROR_CODE.search(message)
    named = f" ({code[1]})" if code else ""
    match error:
        case FileNotFoundError():
            return _error(errno.ENOENT, "no such object")
        case exceptions.PreconditionError():
            return changed_error()
        case exceptions.PermissionDeniedError() | exceptions.UnauthenticatedError():
            return _denied(named)
        case exceptions.NotSupportedError():
            return _error(errno.ENOTSUP, "the server does not serve ranges of it")
        case _:
            status = re.search(r"status code: (\d{3})", message)
            if code and code[1] == "NoSuchBucket":
                return _error(errno.ENOENT, "no such bucket")
            if status and status[1] in ("401", "403"):
                return _denied(named)
            if status:
                return _error(errno.EIO, f"the server answered {status[1]}{named}")
            return _error(errno.EIO, f"the connection failed {named}".strip())


def error_of_polars(error: BaseException) -> BaseException:
    """Return an error that occurred while polars read an object, with a cause in one line.

    polars raises OSError for a failed request, which quotes the request, and errors of its own for
    damaged content, which say what is damaged.
    """
    is_request = isinstance(error, OSError) and not isinstance(error, RemoteError)
    return remote_error(error) if is_request else error


def _denied(code: str) -> RemoteError:
    reason = "the credentials are missing, have expired, or do not allow reading"
    return _error(errno.EACCES, f"access denied{code}: {reason}")


def changed_error() -> RemoteError:
    """Return the error for an object whose entity tag or size is not the expected one."""
    return _error(errno.ESTALE, "the object changed while it was read")


def _error(number: int, cause: str) -> RemoteError:
    return RemoteError(number, cause)


def _object(address: str, meta: Any) -> RemoteObject:
    etag = meta["e_tag"] or meta["last_modified"].isoformat()
    return RemoteObject(address, meta["size"], etag)


def _store_and_path(address: str) -> tuple[S3Store | HTTPStore, str]:
    """Return the obstore client (`_store`) of an address, and the object's path in its store."""
    check_address(address)
    parts = urlsplit(address)
    store = _store(parts.scheme, parts.netloc)
    path = address.split("/", 3)[3] if address.count("/") > 2 else ""
    return store, path if parts.scheme == "s3" else unquote(path)


@lru_cache(maxsize=64)
def _store(scheme: str, host: str) -> S3Store | HTTPStore:
    """Return the obstore client of a bucket (`s3`) or a web server.

    The client is made once, so that it keeps its connections for the following requests.
    """
    from obstore.store import HTTPStore, S3Store

    retries: Any = {"max_retries": RETRIES, "retry_timeout": RETRY_TIME}
    client: Any = {"user_agent": USER_AGENT, "connect_timeout": "10s", "timeout": "120s"}
    if scheme == "s3":
        # These options replace AWS_ALLOW_HTTP, so a user who names an http:// endpoint allows it.
        endpoint = os.environ.get("AWS_ENDPOINT_URL") or os.environ.get("AWS_ENDPOINT") or ""
        client["allow_http"] = endpoint.startswith("http://")
        return S3Store(host, client_options=client, retry_config=retries)
    client["allow_http"] = scheme == "http"
    return HTTPStore.from_url(f"{scheme}://{host}", client_options=client, retry_config=retries)
