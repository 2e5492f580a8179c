"""The option `--skipped` of the commands that read sources: write a list of the skipped files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nalssi.cli.messages import fail
from nalssi.common.errors import file_and_reason

if TYPE_CHECKING:
    from nalssi.sources import Skipped


def check_writable(file: Path | None) -> None:
    """Create the file for `--skipped` empty, so that a path that cannot be written fails early.

    Otherwise the error would come at the end of a long run. An existing file is emptied. Exits with
    status 1 if the file cannot be written. If `file` is None, nothing is done.
    """
    if file is None:
        return
    try:
        file.write_bytes(b"")
    except OSError as error:
        fail([file_and_reason(error, file)])


def write_skipped(skipped: Sequence[Skipped], file: Path | None) -> None:
    """Write the list of skipped files: CSV if the name of `file` ends with `.csv`, else NDJSON.

    Columns: `source, format, cause`. If `file` is None, nothing is written.
    """
    if file is None:
        return
    from nalssi.parse import skipped_frame
    from nalssi.parse_output import FrameWriter

    with file.open("w", encoding="utf-8") as stream:
        form: Literal["csv", "ndjson"] = "csv" if file.suffix.lower() == ".csv" else "ndjson"
        FrameWriter(stream, form).write(skipped_frame(skipped))


def with_hint(problems: Iterable[str], file: Path | None) -> list[str]:
    """Return the problems, with a hint at the end of the line that counts skipped files.

    The hint says where the skipped files are listed: in `file`, or with the option `--skipped`.
    """
    from nalssi.sources.problems import NOT_READ

    hint = f"; listed in {file}" if file else "; --skipped FILE lists them"
    return [line + hint if line.startswith(NOT_READ) else line for line in problems]
