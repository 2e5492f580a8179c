"""The source list, `sources.toml`: which pages to fetch, and how often.

The TOML file has settings for all sources and a `[[source]]` table for each: see docs/capture.md
and `data/sources.example.toml`. An error is one line that names the file, the entry and the cause.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal

import httpx
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    ValidationError,
)

from nalssi.capture.alert_address import AlertAddress, alert_address
from nalssi.common.errors import file_and_reason
from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text

SOURCE_LIST_FILE = "sources.toml"
"""The default file name of a source list in the folder of the warehouse."""

_DURATION = re.compile(r"([0-9]{1,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class SourceListError(ValueError):
    """A source list cannot be used. The message is one line: the file, the entry, the cause."""

    def __init__(self, message: str) -> None:
        super().__init__(safe_text(message, MAX_MESSAGE_LENGTH))  # the message quotes the file


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if not (isinstance(value, str) and (found := _DURATION.fullmatch(value))):
        raise ValueError("a time must be a number and m, h or d, such as '1h'")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _interval(value: object) -> timedelta:
    try:
        interval = _duration(value)
    except ValueError:
        interval = timedelta(0)
    if not interval:
        raise ValueError("an interval must be a number and m, h or d, such as '1h'")
    return interval


def _url(value: object) -> str:
    """Return an http or https address in the form that requests use, without the fragment (`#…`).

    Raises ValueError if the value is not such an address, or if it has a user name or a password.
    """
    if not isinstance(value, str):
        raise ValueError("an address must be text")
    try:
        url = httpx.URL(value).copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ValueError(f"an invalid address: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("an address must begin with http:// or https:// and a host")
    if url.userinfo:
        raise ValueError("an address must not contain a user name or password")
    if url.port is not None and not 0 < url.port < 2**16:
        raise ValueError("a port must be a number from 1 to 65535")
    return str(url)


def _alert(value: object) -> tuple[AlertAddress, ...]:
    if isinstance(value, list | tuple):
        return tuple(map(alert_address, value))
    return (alert_address(value),)


Interval = Annotated[timedelta, BeforeValidator(_interval)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]

DELAY_S = 5
"""The default of `delay`, in seconds."""
ALERT_INTERVALS = 1.5
"""The default of `alert_after`, in intervals: one failed run is not reported, two in a row are. The
source is then not yet late (`source_health.LATE_INTERVALS`)."""


class Source(BaseModel):
    """A page or feed to fetch."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    """The name of the source in messages, and of its folder in the landing."""
    url: Annotated[str, BeforeValidator(_url)]
    kind: Literal["html", "xml", "text"] = "html"
    """The format of the page. It also applies if the server states another kind of text."""
    interval: Interval = timedelta(hours=1)
    """The time between two fetches."""
    allow_private: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks to which this source may connect although they are not public."""
    alert_after: Duration | None = None
    """The time without a success after which a failing source is reported; `0m`: at once."""

    @property
    def failure_reported_after(self) -> timedelta:
        """`alert_after`, or its default, which depends on the interval."""
        return ALERT_INTERVALS * self.interval if self.alert_after is None else self.alert_after


class SourceList(BaseModel):
    """The settings and sources of a source list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: str | None = Field(default=None, pattern=r"^[!-~]{3,200}$")
    """A mail or web address that is sent to servers, so that they can contact the operator."""
    delay: float = Field(default=DELAY_S, ge=1, le=120)
    """The pause between two requests to one host, in seconds."""
    alert: Annotated[tuple[InstanceOf[AlertAddress], ...], BeforeValidator(_alert)] = ()
    """Mail addresses and webhooks that are told when the health of a source changes."""
    source: tuple[Source, ...] = Field(min_length=1)

    def named(self, names: Sequence[str]) -> list[Source]:
        """Return the sources with these names. If `names` is empty, return all sources.

        Raises SourceListError for a name that is not in the list.
        """
        known = {source.name for source in self.source}
        if unknown := [name for name in names if name not in known]:
            raise SourceListError(
                f"no source is named {unknown[0]}; there are: {', '.join(sorted(known))}"
            )
        return [source for source in self.source if not names or source.name in names]


def read_source_list(path: Path) -> SourceList:
    """Read a source list. Raises SourceListError if it is invalid or cannot be read."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceListError(file_and_reason(error, path)) from error
    except UnicodeDecodeError as error:
        raise SourceListError(f"{path}: not in UTF-8") from error
    except (ValueError, RecursionError) as error:  # also for a number or a nesting that is too long
        raise SourceListError(f"{path}: not TOML: {error}") from error
    for name in ("interval", "alert_after"):
        value = content.pop(name, None)
        if value is not None:
            content = _with_default(content, name, value)
    try:
        sources = SourceList.model_validate(content)
    except ValidationError as error:
        raise SourceListError(f"{path}: {_first_fault(error, content)}") from error
    for what in ("name", "url"):
        seen: set[str] = set()
        for source in sources.source:
            value = getattr(source, what)
            if value in seen:
                raise SourceListError(f"{path}: two sources have the {what} {value}")
            seen.add(value)
    return sources


def _with_default(content: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    """Return a source list in which each source has the setting `name`.

    A source without the setting gets `value`, the setting for all sources. `content` is the parsed
    file.
    """
    entries = content.get("source")
    if not isinstance(entries, list):
        return content
    given = [{name: value, **entry} if isinstance(entry, dict) else entry for entry in entries]
    return content | {"source": given}


def _first_fault(error: ValidationError, content: dict[str, Any]) -> str:
    """Return the first validation error as one line: the entry, the setting and the cause.

    `content` is the parsed file, in which the name of the entry is looked up.
    """
    wrong = error.errors()[0]
    path = list(wrong["loc"])
    where = []
    if len(path) > 1 and path[0] == "source" and isinstance(path[1], int):
        entry = content["source"][path[1]]
        name = entry.get("name") if isinstance(entry, dict) else None
        where.append(f"source {path[1] + 1}" + (f" ({name})" if isinstance(name, str) else ""))
        path = path[2:]
    if path:
        where.append(str(path[0]))
    cause = {
        "extra_forbidden": "is not a setting",
        "missing": "is missing",
    }.get(wrong["type"], wrong["msg"].removeprefix("Value error, "))
    if path and path[0] == "name" and wrong["type"] == "string_pattern_mismatch":
        cause = "a name may contain only a to z, 0 to 9 and -"
    return ": ".join([*where, cause])
