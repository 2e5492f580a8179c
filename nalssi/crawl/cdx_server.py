"""Ask a CDX server for the captures of sites, page by page.

The protocol is that of pywb, which Common Crawl's index server runs. A request has the parameters
`url=HOST&matchType=domain`, or `url=HOST/PATH&matchType=prefix` for a site below a path, and
`output=json`, `showNumPages=true` or `page=N`. One request is sent at a time, with pauses. Every
answer is stored in a folder, so that an interrupted search goes on where it ended. The caller
removes the folder when the search is complete.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import polars as pl

from nalssi.common.atomic_files import atomic_write
from nalssi.common.ids import digest
from nalssi.common.retry_after import parse_retry_after
from nalssi.common.version import USER_AGENT
from nalssi.crawl.captures import PlanError, Site
from nalssi.crawl.cdx_files import capture_of_fields, frame

_BUSY: Final = frozenset({403, 429, 502, 503, 504})
"""Status codes with which a server asks for a pause. Common Crawl's server answers 403 to clients
that are too fast."""
_TIMEOUT: Final = httpx.Timeout(180.0, connect=10.0)


@dataclass(frozen=True)
class ServerPauses:
    """Pauses in seconds. Commands use the defaults; tests use shorter pauses."""

    between_s: float = 1.0
    """Seconds between two requests."""
    busy_s: tuple[float, ...] = (5.0, 20.0, 60.0, 180.0)
    """Seconds before each further attempt, if the server cannot be reached, or is busy and states
    no pause itself."""


DEFAULT_PAUSES: Final = ServerPauses()


def ask_server(
    server: str, sites: Sequence[Site], answers: Path, pauses: ServerPauses = DEFAULT_PAUSES
) -> pl.DataFrame:
    """Ask a CDX server for the captures of the sites; return them with the columns `CAPTURES`.

    `server` is the address of the server. `answers` is the folder for its answers, which is created
    if it does not exist; the caller removes it when the plan is written. Raises PlanError, which
    names the request, if the last attempt fails or the server does not answer as a CDX server, and
    OSError if an answer cannot be stored.
    """
    answers.mkdir(parents=True, exist_ok=True)
    client = httpx.Client(
        timeout=_TIMEOUT,
        follow_redirects=True,
        headers={"user-agent": USER_AGENT},
    )
    with client:
        asker = _Asker(client, server, answers, pauses)
        return frame(capture for site in sites for capture in asker.captures(site))


@dataclass(frozen=True)
class _Asker:
    """Sends requests to one server, and keeps the answers."""

    client: httpx.Client
    server: str
    answers: Path
    pauses: ServerPauses

    def captures(self, site: Site) -> Iterator[dict[str, Any]]:
        """Yield the captures of a site (`capture_of_fields`), from all pages of the answer."""
        query = {"url": f"{site.host}{site.path}", "output": "json"}
        query["matchType"] = "domain" if site.whole_host else "prefix"
        for page in range(self._page_count(query)):
            asked = query | {"page": str(page)}
            for number, line in enumerate(self._answer(asked).splitlines(), 1):
                try:
                    fields = json.loads(line)
                    yield capture_of_fields(fields, str(fields["timestamp"]))
                except (ValueError, KeyError, TypeError) as error:
                    where = f"{self._url(asked)}: line {number:,}"
                    raise PlanError(f"{where}: not an answer of a CDX server ({error})") from error

    def _page_count(self, query: dict[str, str]) -> int:
        asked = query | {"showNumPages": "true"}
        answer = self._answer(asked)
        if not answer:
            return 0
        try:
            count = json.loads(answer)
            return int(count["pages"] if isinstance(count, dict) else count)
        except (ValueError, KeyError, TypeError):
            raise PlanError(f"{self._url(asked)}: the answer states no number of pages") from None

    def _answer(self, query: dict[str, str]) -> str:
        """Return the answer to a request: the stored answer, or else the answer of the server.

        `query` are the parameters of the request. The answer is empty if the server has no
        captures.
        """
        kept = self.answers / f"{digest(self._url(query).encode())}.json"
        if kept.exists():
            return kept.read_text("utf-8")
        text = self._send(query)
        with atomic_write(kept) as partial:
            partial.write_text(text, "utf-8")
        return text

    def _send(self, query: dict[str, str]) -> str:
        for pause in (*self.pauses.busy_s, None):
            time.sleep(self.pauses.between_s)
            try:
                response = self.client.get(self.server, params=query)
            except httpx.HTTPError as error:
                cause = str(error) or type(error).__name__
            else:
                if response.status_code == httpx.codes.OK:
                    return response.text
                if response.status_code == httpx.codes.NOT_FOUND:  # pywb: no captures
                    return ""
                cause = f"the server answered {response.status_code}"
                if response.status_code not in _BUSY:
                    raise PlanError(f"{self._url(query)}: {cause}")
                asked = parse_retry_after(response.headers.get("retry-after"), datetime.now(UTC))
                if asked is not None and pause is not None:
                    time.sleep(asked.total_seconds())
                    continue
            if pause is None:
                raise PlanError(f"{self._url(query)}: {cause}")
            time.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _url(self, query: dict[str, str]) -> str:
        return str(httpx.URL(self.server, params=query))
