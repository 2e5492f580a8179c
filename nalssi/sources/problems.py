"""The types for input that could not be read, with the cause in words for the user.

`Problem` is reported and counted as a failure. `Skipped` is a file in a format that nalssi does not
read. `UnreadableError` is raised by readers and becomes a Problem or a Skipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from nalssi.common.errors import cause_without_file
from nalssi.common.safe_text import MAX_MESSAGE_LENGTH, safe_text

NOT_READ = "not read: "
"""The beginning of the line that counts skipped files."""


class UnreadableError(ValueError):
    """A file or record cannot be read. The message is the cause.

    `format_name` is the name of the file's format, for counts. `asset` is true if the file is part
    of a page's decoration, such as an image; such files are not counted.
    """

    def __init__(
        self, cause: str, format_name: str = "unknown format", *, asset: bool = False
    ) -> None:
        super().__init__(cause)
        self.format_name = format_name
        self.asset = asset


@dataclass(frozen=True, slots=True)
class Problem:
    """A source, or a part of a source, that could not be used. Other input is still processed."""

    source: str
    """The name to show to the user; empty if `cause` counts several files."""
    cause: str
    position: str = ""
    """The position in the source, such as `line 3`; empty for the whole source."""
    transient: bool = False
    """Whether another attempt may succeed, because the cause is the system and not the content."""

    def __post_init__(self) -> None:
        """Escape unprintable characters in all texts, because the texts can quote foreign input."""
        for name in ("source", "cause", "position"):
            object.__setattr__(self, name, safe_text(getattr(self, name), MAX_MESSAGE_LENGTH))

    def __str__(self) -> str:
        return ": ".join(part for part in (self.source, self.position, self.cause) if part)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not read: of an unsupported format, empty, too large or not usable."""

    source: str
    format: str
    """The name of the format for counts, such as `PDF` or `empty file`."""
    cause: str
    named: bool = False
    """Whether the user named this file itself, not a folder or pattern that contains it."""
    asset: bool = False
    """Whether the file is part of a page's decoration, such as an image."""


class FileProblems:
    """Collects the problems of one file: keeps the first `limit` of them and counts the others."""

    def __init__(self, source: str, limit: int = 10) -> None:
        self._source = source
        self._limit = limit
        self._listed: list[Problem] = []
        self._unlisted = 0

    def add(self, cause: str | BaseException, position: str = "") -> None:
        """Add a problem, or count it if `limit` problems are kept already.

        `cause` is a text or an exception. `position` is the place in the file in words, such as
        `line 3`; it is empty for the whole file.
        """
        if len(self._listed) == self._limit:
            self._unlisted += 1
        elif isinstance(cause, str):
            self._listed.append(Problem(self._source, cause, position))
        else:
            self._listed.append(problem_of(self._source, cause, position))

    def all(self) -> tuple[Problem, ...]:
        """Return the kept problems, and one more Problem that counts the others, if any."""
        if not self._unlisted:
            return tuple(self._listed)
        more = Problem(self._source, f"and {self._unlisted:,} more like these")
        return (*self._listed, more)


def problem_of(source: str, error: BaseException, position: str = "") -> Problem:
    """Return the Problem for an exception that occurred while `source` was read.

    `position` is the place in the source, such as `line 3`; empty for the whole source. The Problem
    is transient if the exception is an OSError with an error number.
    """
    transient = isinstance(error, OSError) and error.errno is not None
    return Problem(source, cause_without_file(error), position, transient)


def skipped_line(skipped: Iterable[Skipped]) -> str | None:
    """Return one line that counts the skipped files by format, or None if there are none.

    Files that the user named are not counted, because each of them is reported in its own line
    (`Problem`).
    """
    counts = Counter(file.format for file in skipped if not file.named)
    most_first = sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
    formats = ", ".join(f"{count:,} {name}" for name, count in most_first)
    return f"{NOT_READ}{formats}" if formats else None
