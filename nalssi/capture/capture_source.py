"""Capture one source: decide whether it is due, fetch its page, and store the page if it is new."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from nalssi.capture.capture_log import Attempt
from nalssi.capture.fetched_response import FetchedResponse, FetchError
from nalssi.capture.landing import Landing, content_digest
from nalssi.capture.page_fetcher import Fetcher
from nalssi.capture.source_list import Source
from nalssi.common.errors import class_and_first_line, file_and_reason

EARLY_SHARE = 0.1
"""The share of its interval by which a source may be fetched early. Schedulers never start a run
exactly on time."""
RETRY_INTERVAL = timedelta(hours=1)
"""The longest time after a failure until a source is due again, unless the server asks for more."""
_VALIDATOR = re.compile(r"[!-~]([ -~]{0,998}[!-~])?").fullmatch
"""Matches the values of `ETag` and `Last-Modified` that later requests send back: printable ASCII,
as RFC 9110 asks of new headers, and short enough for every server. Without such a value, the whole
page is fetched."""
_MEDIA_TYPES = {
    "html": ("text/html", "application/xhtml+xml"),
    "xml": ("application/xml", "text/xml"),
    "text": ("text/plain",),
}
_TEXT_TYPES = {*sum(_MEDIA_TYPES.values(), ()), "application/octet-stream"}


class CaptureError(Exception):
    """A source could not be captured. The message is one line with its name and the cause."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__(f"{attempt.source}: {attempt.error}")
        self.attempt = attempt

    @property
    def temporary(self) -> bool:
        """Whether another attempt may soon succeed."""
        return bool(self.attempt.passing)


@dataclass(frozen=True)
class SourceHistory:
    """The last attempt to fetch a source, and the contents that are stored for it."""

    last: Mapping[str, object]
    """The last line of the log for this source."""
    validators: Mapping[str, Mapping[str, str]]
    """Headers that ask the server to send the page only if it has changed, by the page's address.
    """
    digest: str | None
    """The digest of the content to which `validators` belong; None if there are none."""
    files: Mapping[str, str]
    """The paths of the source's stored files in the landing, by the digest of their content."""


def source_history(
    landing: Landing, attempts: pl.DataFrame, source: str, now: datetime
) -> SourceHistory | None:
    """Return the history of a source, or None if there was no attempt to fetch it.

    `attempts` is the log, from `Landing.read_log`. Attempts later than `now` were made before the
    clock was set back: they count as older than all others.
    """
    own = attempts.filter(pl.col("source") == source)
    if own.is_empty():
        return None
    own = own.sort(pl.col("at") <= now, maintain_order=True)
    successful = own.filter(pl.col("outcome") != "failed")
    stored = successful.filter(pl.col("outcome") == "new")
    files = {
        digest: file
        for digest, file in stored.select("digest", "file").iter_rows()
        if (landing.folder / file).exists()
    }
    newest = successful.row(-1, named=True) if successful.height else {}
    digest = newest.get("digest")
    headers = {
        "If-None-Match": newest.get("etag"),
        "If-Modified-Since": newest.get("last_modified"),
    }
    validators = {name: value for name, value in headers.items() if value and _VALIDATOR(value)}
    last = own.row(-1, named=True)
    # After a failure the request has no conditions, because they may be the cause.
    usable = digest in files and validators and last["outcome"] != "failed"
    return SourceHistory(
        last=last,
        validators={newest["uri"]: validators} if usable else {},
        digest=digest if usable else None,
        files=files,
    )


def due_at(source: Source, history: SourceHistory | None, now: datetime) -> datetime | None:
    """Return the time from which a source may be fetched. None means that it may be fetched now.

    A source without a history was never fetched, so it may be fetched now. So may a source whose
    last attempt is later than `now`, because the clock was wrong then: it would wait for years.
    """
    if history is None:
        return None
    last = Attempt(**history.last)  # type: ignore[arg-type]  # the columns are its fields
    if last.at > now:
        return None
    wait = source.interval * (1 - EARLY_SHARE)
    if last.outcome == "failed":
        wait = min(wait, RETRY_INTERVAL * (1 - EARLY_SHARE))
    return max(filter(None, (last.at + wait, last.retry_at)))


def capture_source(
    source: Source, landing: Landing, history: SourceHistory | None, fetcher: Fetcher
) -> Attempt:
    """Fetch a source once, store its page if the content is new, and log the attempt.

    `history` has the last attempt and the stored contents of the source; None if it was never
    fetched. Raises CaptureError for every failure, after writing the cause to the log. Raises
    OSError only if the log cannot be written.
    """
    at = fetcher.now()
    try:
        validators = history.validators if history else {}
        response = fetcher.get(source.url, source.allow_private, validators)
        attempt = _store_if_new(source, landing, history, response)
    except Exception as error:  # without a line in the log, a failure would look like a success
        failed = _failed_attempt(source, at, error)
        try:
            landing.log_attempt(failed)
        except OSError as log_error:
            raise (error if isinstance(error, OSError) else log_error) from error
        raise CaptureError(failed) from error
    landing.log_attempt(attempt)
    return attempt


def _failed_attempt(source: Source, at: datetime, error: Exception) -> Attempt:
    fetch_error = error if isinstance(error, FetchError) else FetchError(_cause(error))
    return Attempt(
        at,
        source.name,
        source.url,
        source.interval.total_seconds(),
        "failed",
        status=fetch_error.status,
        error=str(fetch_error),
        passing=fetch_error.temporary,
        retry_at=fetch_error.retry_at,
    )


def _cause(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be stored: {file_and_reason(error, 'the page')}"
    return class_and_first_line(error)


def _store_if_new(
    source: Source, landing: Landing, history: SourceHistory | None, response: FetchedResponse
) -> Attempt:
    """Store a response unless its content is stored already. Return the attempt for the log.

    `history` has the stored contents of the source; None if the source was never fetched.
    """
    files = history.files if history else {}
    validators: Mapping[str, str] = {}
    if response.status == 304:
        # a 304 may omit the validators, so keep those of the request
        validators = history.validators.get(response.url, {}) if history else {}
        if not (history and history.digest):
            raise FetchError("the server sent 304 for a request without conditions", status=304)
        digest = history.digest
    else:
        if not response.body:
            raise FetchError("the page is empty", status=response.status)
        digest = content_digest(response)
    file = files.get(digest)
    return Attempt(
        response.at,
        source.name,
        source.url,
        source.interval.total_seconds(),
        "unchanged" if file else "new",
        status=response.status,
        bytes=len(response.raw),
        uri=response.url,
        digest=digest,
        file=file or landing.store(source.name, response, media_type_of(source, response)),
        etag=_validator(response, "etag") or validators.get("If-None-Match"),
        last_modified=_validator(response, "last-modified") or validators.get("If-Modified-Since"),
    )


def _validator(response: FetchedResponse, name: str) -> str | None:
    """Return the value of the header `name`, such as `ETag`, for conditional requests; else None.

    The result is None too if no request can send the value back: it must match `_VALIDATOR`.
    """
    value = response.header(name)
    return value if value and _VALIDATOR(value) else None


def media_type_of(source: Source, response: FetchedResponse) -> str:
    """Return the media type with which a response is stored.

    If the server states no type of the source's `kind`, but another kind of text, binary data or
    nothing, the result is the first type of `kind`. Raises FetchError for any other type, for
    example an image.
    """
    content_type = (response.header("content-type") or "").partition(";")[0].strip().lower()
    expected = _MEDIA_TYPES[source.kind]
    if content_type in expected:
        return content_type
    if content_type and not content_type.startswith("text/") and content_type not in _TEXT_TYPES:
        raise FetchError(
            f"the server sent {content_type}, not {source.kind}", status=response.status
        )
    return expected[0]
