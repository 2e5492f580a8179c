"""Decide which changes of the health of sources are reported, so that each is reported once.

A *channel* is a receiver of reports: Prefect's events, or an address in the source list's `alert`.
The file `alerts.json` in the folder of the warehouse keeps, for each channel, the state of each
source that was delivered last. A report is due while the state of a source differs from the
delivered one. So a source that stays frozen is reported once, its recovery is reported too, and a
report that could not be delivered is due again in the next run.

A failure is *pending* until it has lasted for some time (`report_sources`). Until then, the
delivered state stays.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, get_args

from nalssi.capture.source_health import SourceHealth
from nalssi.common.atomic_files import atomic_write, remove_stale_temporary_files
from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text
from nalssi.warehouse import Warehouse
from nalssi.warehouse.writer_lock import writer_lock

ReportedState = Literal["failing", "late", "frozen", "degraded", "recovered"]
REPORTED_STATES: Final[tuple[ReportedState, ...]] = get_args(ReportedState)
"""The states that are reported. A source has recovered if it is ok or untried, or if it is
not listed any more."""
REPORTS_FILE: Final = "alerts.json"
EVENTS: Final = "events"
"""The name of the channel for Prefect's events."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SourceChange:
    """A change of the health of a source that was not yet delivered to a channel."""

    source: str
    state: ReportedState
    before: str
    """The state that was delivered before; `ok` if none was."""
    why: str | None = None
    """The reason for the state, in a few words. It can quote the server's answer."""

    def __str__(self) -> str:
        if self.state == "recovered":
            return f"{self.source}: recovered: it was {self.before}"
        return f"{self.source}: {self.state}" + (f": {self.why}" if self.why else "")


class SourceReports:
    """The states of the sources of a warehouse that were delivered to each channel."""

    def __init__(self, warehouse: Warehouse, pending: Collection[str] = ()) -> None:
        """`pending` are the names of the sources whose failure is not to be reported yet."""
        self._pending = pending
        self._file = warehouse.folder / REPORTS_FILE
        self._lock = warehouse.folder / ".alerts.lock"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock during the `with` block, so that two runs do not deliver a report twice."""
        with writer_lock(self._lock):
            remove_stale_temporary_files(self._file.parent)
            yield

    def due(self, channel: str, health: Sequence[SourceHealth]) -> list[SourceChange]:
        """Return the changes not yet delivered to a channel, in the order of `health`.

        Sources that are not in `health` any more come last, sorted by name.
        """
        delivered = self._read().get(channel, {})
        states = self._states(delivered, health)
        changes = []
        for source in health:
            before, state = delivered.get(source.source, "ok"), states[source.source]
            if state != before:
                new = "recovered" if state == "ok" else source.state
                why = source.why and safe_text(source.why, MAX_MESSAGE_LENGTH)
                changes.append(SourceChange(source.source, new, before, why))  # type: ignore[arg-type]
        gone = [name for name in sorted(delivered) if name not in states]
        return changes + [SourceChange(name, "recovered", delivered[name]) for name in gone]

    def deliver(
        self,
        channel: str,
        health: Sequence[SourceHealth],
        send: Callable[[Sequence[SourceChange]], None],
    ) -> list[SourceChange]:
        """Call `send` with the changes that are due for a channel, and return these changes.

        `send` is not called without changes. If it raises an error, the changes stay due.
        """
        if not (changes := self.due(channel, health)):
            return []
        send(changes)
        delivered = self._read()
        states = self._states(delivered.get(channel, {}), health)
        bad = {name: state for name, state in states.items() if state != "ok"}
        self._write({**delivered, channel: bad})
        return changes

    def _states(
        self, delivered: Mapping[str, str], health: Sequence[SourceHealth]
    ) -> dict[str, str]:
        """Return the state that a channel should have for each source, by name of the source.

        `delivered` has the states that the channel got before. A source whose failure is pending
        keeps the delivered state.
        """
        return {
            source.source: delivered.get(source.source, "ok")
            if source.source in self._pending
            else _state(source)
            for source in health
        }

    def forget_other_channels(self, channels: Sequence[str]) -> None:
        """Remove the delivered states of channels that are no longer used.

        `channels` are the channels in use: Prefect's events, and the addresses in the source list.
        """
        read = self._read()
        kept = {name: states for name, states in read.items() if name in channels}
        if kept != read:
            self._write(kept)

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            return _checked(json.loads(self._file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}
        except ValueError:
            log.warning("%s is damaged: every source that is not ok is reported again", self._file)
            return {}

    def _write(self, delivered: dict[str, dict[str, str]]) -> None:
        with atomic_write(self._file) as partial:
            partial.write_text(json.dumps(delivered, indent=1) + "\n", encoding="utf-8")


def _state(source: SourceHealth) -> str:
    return source.state if source.state in REPORTED_STATES else "ok"


def _checked(content: object) -> dict[str, dict[str, str]]:
    """Return the content of `alerts.json`: state by source by channel.

    Raises ValueError if the content has another form.
    """
    if not isinstance(content, dict):
        raise ValueError("not an object")
    for states in content.values():
        if not (isinstance(states, dict) and all(isinstance(v, str) for v in states.values())):
            raise ValueError("a channel is not an object of states")
    return content
