"""Capturing a source: when it is due, fetching it, keeping what is new."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from nalssi.capture.fetch import Answer, Fetcher, FetchError
from nalssi.capture.landing import Attempt, Landing, digest_of
from nalssi.capture.source_list import Source
from nalssi.common.errors import class_and_first_line, file_and_reason

EARLY = 0.1
"""A source is due a tenth of its interval early: what starts runs is never quite on time."""
AGAIN = timedelta(hours=1)
"""After a failure a source is due again so soon, if its interval is longer."""
_VALIDATOR = re.compile(r"[!-~]([ -~]{0,998}[!-~])?").fullmatch
"""What may be sent back of an `ETag` or `Last-Modified`: printable ASCII, as RFC 9110 asks of new
headers, and so short that no server refuses the request for its size. Without a validator, the
page is fetched whole."""
_MEDIA_TYPES = {
    "html": ("text/html", "application/xhtml+xml"),
    "xml": ("application/xml", "text/xml"),
    "text": ("text/plain",),
}
_ANY_TEXT = {*sum(_MEDIA_TYPES.values(), ()), "application/octet-stream"}


class CaptureError(Exception):
    """A source could not be captured; the message names it and the cause in one line."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__(f"{attempt.source}: {attempt.error}")
        self.attempt = attempt

    @property
    def passing(self) -> bool:
        """Whether trying again soon may help."""
        return bool(self.attempt.passing)


@dataclass(frozen=True)
class Known:
    """What the landing has of a source."""

    last: Mapping[str, object]
    """The last line of the log."""
    validators: Mapping[str, Mapping[str, str]]
    """Headers that ask for the page only if it has changed, by its address."""
    digest: str | None
    """The content that those headers stand for."""
    files: Mapping[str, str]
    """Files by the digest of their content."""


def known_of(landing: Landing, attempts: pl.DataFrame, source: str) -> Known | None:
    """What the landing has of a source; None if it was never tried."""
    own = attempts.filter(pl.col("source") == source)
    if own.is_empty():
        return None
    got = own.filter(pl.col("outcome") != "failed")
    stored = got.filter(pl.col("outcome") == "new")
    files = {
        digest: file
        for digest, file in stored.select("digest", "file").iter_rows()
        if (landing.folder / file).exists()
    }
    newest = got.row(-1, named=True) if got.height else {}
    digest = newest.get("digest")
    conditions = {
        "If-None-Match": newest.get("etag"),
        "If-Modified-Since": newest.get("last_modified"),
    }
    sent = {name: value for name, value in conditions.items() if value and _VALIDATOR(value)}
    last = own.row(-1, named=True)
    # After a failure the page is asked for without conditions: they may be what failed.
    usable = digest in files and sent and last["outcome"] != "failed"
    return Known(
        last=last,
        validators={newest["uri"]: sent} if usable else {},
        digest=digest if usable else None,
        files=files,
    )


def due_at(source: Source, known: Known | None) -> datetime | None:
    """When a source may be fetched again; None if at once, for it never was."""
    if known is None:
        return None
    last = Attempt(**known.last)  # type: ignore[arg-type]  # the columns are its fields
    wait = source.interval * (1 - EARLY)
    if last.outcome == "failed":
        wait = min(wait, AGAIN * (1 - EARLY))
    return max(filter(None, (last.at + wait, last.retry_at)))


def capture(source: Source, landing: Landing, known: Known | None, fetcher: Fetcher) -> Attempt:
    """Fetch a source once, keep its page if it is new, and log the attempt.

    Raises CaptureError, whatever went wrong; the log then has the cause. Only where not even the
    log can be written is the error another one, an OSError.
    """
    at = fetcher.now()
    try:
        answer = fetcher.get(source.url, source.allow_private, known.validators if known else {})
        attempt = _kept(source, landing, known, answer)
    except Exception as error:  # an attempt without a line in the log would pass for a good one
        failed = _failed(source, at, error)
        try:
            landing.add(failed)
        except OSError as full:
            raise (error if isinstance(error, OSError) else full) from error
        raise CaptureError(failed) from error
    landing.add(attempt)
    return attempt


def _failed(source: Source, at: datetime, error: Exception) -> Attempt:
    """The line of the log for an attempt that gave no page."""
    fetch = error if isinstance(error, FetchError) else FetchError(_cause(error))
    return Attempt(
        at,
        source.name,
        source.url,
        source.interval.total_seconds(),
        "failed",
        status=fetch.status,
        error=str(fetch),
        passing=fetch.passing,
        retry_at=fetch.retry_at,
    )


def _cause(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be stored: {file_and_reason(error, 'the page')}"
    return class_and_first_line(error)


def _kept(source: Source, landing: Landing, known: Known | None, answer: Answer) -> Attempt:
    """Store an answer unless its content is there already."""
    files = known.files if known else {}
    before: Mapping[str, str] = {}
    if answer.status == 304:  # which need not say again what the page is to be asked with
        before = known.validators.get(answer.url, {}) if known else {}
        if not (known and known.digest):
            raise FetchError("the server answered 304 to a request without conditions", status=304)
        digest = known.digest
    else:
        if not answer.body:
            raise FetchError("an empty page", status=answer.status)
        digest = digest_of(answer)
    file = files.get(digest)
    return Attempt(
        answer.at,
        source.name,
        source.url,
        source.interval.total_seconds(),
        "unchanged" if file else "new",
        status=answer.status,
        bytes=len(answer.raw),
        uri=answer.url,
        digest=digest,
        file=file or landing.store(source.name, answer, media_type_of(source, answer)),
        etag=_validator(answer, "etag") or before.get("If-None-Match"),
        last_modified=_validator(answer, "last-modified") or before.get("If-Modified-Since"),
    )


def _validator(answer: Answer, name: str) -> str | None:
    """A header that later requests can send back; None if there is none that they can."""
    value = answer.header(name)
    return value if value and _VALIDATOR(value) else None


def media_type_of(source: Source, answer: Answer) -> str:
    """What to keep an answer as: a text that is called something else is what the file says.

    FetchError for what is no text at all: an image, say, in place of a page.
    """
    said = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    expected = _MEDIA_TYPES[source.kind]
    if said in expected:
        return said
    if said and not said.startswith("text/") and said not in _ANY_TEXT:
        raise FetchError(f"the server answered {said}, not {source.kind}", status=answer.status)
    return expected[0]
