"""The file of sources: which pages to fetch, and how often.

A TOML file (docs/capture.md, `data/sources.example.toml`): settings for all, and a `[[source]]`
each. Whatever is wrong in it is said in one line that names the file, the entry and the cause.
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
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from nalssi.common.errors import file_and_reason
from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text

SOURCES = "sources.toml"
"""The file's name in a warehouse's folder, where it is looked for by default."""

_INTERVAL = re.compile(r"([1-9][0-9]{0,3})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class SourcesError(ValueError):
    """A file of sources cannot be used; the message is one line that says where and why."""

    def __init__(self, message: str) -> None:
        super().__init__(safe_text(message, MAX_MESSAGE_LENGTH))  # it quotes what is in the file


def _interval(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if not (isinstance(value, str) and (found := _INTERVAL.fullmatch(value))):
        raise ValueError("an interval is a number and m, h or d, such as '1h'")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _url(value: object) -> str:
    """An http(s) address as it is sent, without what servers never see."""
    if not isinstance(value, str):
        raise ValueError("an address is text")
    try:
        url = httpx.URL(value).copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ValueError(f"no address: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("an address begins with http:// or https:// and a host")
    if url.userinfo:
        raise ValueError("an address must not hold a user's name or password")
    if url.port is not None and not 0 < url.port < 2**16:
        raise ValueError("a port is a number from 1 to 65535")
    return str(url)


Interval = Annotated[timedelta, BeforeValidator(_interval)]


class Source(BaseModel):
    """A page or feed to fetch."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    """What to call it, and its folder in the landing."""
    url: Annotated[str, BeforeValidator(_url)]
    kind: Literal["html", "xml", "text"] = "html"
    """What is read from it, whatever text the server calls it."""
    interval: Interval = timedelta(hours=1)
    """How long to leave it alone after a fetch."""
    allow_private: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that it may lie in although they are not public."""


class Sources(BaseModel):
    """What a file of sources says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: str | None = Field(default=None, pattern=r"^[!-~]{3,200}$")
    """Mail or web address of whoever fetches; servers are told."""
    delay: float = Field(default=5, ge=1, le=120)
    """Seconds between two requests to one host."""
    source: tuple[Source, ...] = Field(min_length=1)

    def named(self, names: Sequence[str]) -> list[Source]:
        """The sources of these names, all without; SourcesError for a name that there is not."""
        known = {source.name for source in self.source}
        if unknown := [name for name in names if name not in known]:
            raise SourcesError(
                f"no source is named {unknown[0]}; there are: {', '.join(sorted(known))}"
            )
        return [source for source in self.source if not names or source.name in names]


def read_sources(path: Path) -> Sources:
    """Read a file of sources; SourcesError if there is anything wrong in it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourcesError(file_and_reason(error, path)) from error
    except UnicodeDecodeError as error:
        raise SourcesError(f"{path}: not in UTF-8") from error
    except (ValueError, RecursionError) as error:  # Python's own: a number or nesting too long
        raise SourcesError(f"{path}: no TOML: {error}") from error
    interval = content.pop("interval", None)
    if interval is not None:
        content = _with_interval(content, interval)
    try:
        sources = Sources.model_validate(content)
    except ValidationError as error:
        raise SourcesError(f"{path}: {_first(error, content)}") from error
    for what in ("name", "url"):
        seen: set[str] = set()
        for source in sources.source:
            value = getattr(source, what)
            if value in seen:
                raise SourcesError(f"{path}: two sources have the {what} {value}")
            seen.add(value)
    return sources


def _with_interval(content: dict[str, Any], interval: object) -> dict[str, Any]:
    """The file's own interval for every source that has none."""
    entries = content.get("source")
    if not isinstance(entries, list):
        return content
    given = [{"interval": interval, **e} if isinstance(e, dict) else e for e in entries]
    return content | {"source": given}


def _first(error: ValidationError, content: dict[str, Any]) -> str:
    """The first thing that is wrong: which entry, which setting, why."""
    wrong = error.errors()[0]
    place = list(wrong["loc"])
    where = []
    if len(place) > 1 and place[0] == "source" and isinstance(place[1], int):
        entry = content["source"][place[1]]
        name = entry.get("name") if isinstance(entry, dict) else None
        where.append(f"source {place[1] + 1}" + (f" ({name})" if isinstance(name, str) else ""))
        place = place[2:]
    if place:
        where.append(str(place[0]))
    cause = {
        "extra_forbidden": "there is no such setting",
        "missing": "is missing",
    }.get(wrong["type"], wrong["msg"].removeprefix("Value error, "))
    if place and place[0] == "name" and wrong["type"] == "string_pattern_mismatch":
        cause = "a name is of a to z, 0 to 9 and -"
    return ": ".join([*where, cause])
