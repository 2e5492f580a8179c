"""Exceptions become one line that names the cause."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from nalssi.common.errors import (
    cause_without_file,
    class_and_first_line,
    file_and_reason,
    first_line,
    naming_file,
    system_reason,
)

DISK_FULL = OSError(errno.ENOSPC, "No space left on device", "/data/a.csv")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("bad value\nsecond line"), "bad value"),
        (ValueError("\n  bad value  \n"), "bad value"),
        (ValueError(""), "ValueError"),
        (ValueError(" \n "), "ValueError"),
    ],
)
def test_only_the_first_line_of_a_message_is_shown(error: Exception, line: str) -> None:
    assert first_line(error) == line


def test_an_error_without_a_message_is_named_once() -> None:
    assert class_and_first_line(KeyError()) == "KeyError"
    assert class_and_first_line(ValueError("bad")) == "ValueError: bad"


def test_an_error_of_the_system_names_its_own_file_and_the_reason() -> None:
    assert file_and_reason(DISK_FULL, "out.csv") == "/data/a.csv: no space left on device"
    assert file_and_reason(OSError(28, "No space left"), "out.csv") == "out.csv: no space left"
    assert system_reason(OSError("gone")) == "gone"


def test_a_cause_does_not_repeat_the_file() -> None:
    assert cause_without_file(DISK_FULL) == "no space left on device"
    assert cause_without_file(ValueError("bad\nvalue")) == "bad"


def test_an_error_that_names_no_file_gets_the_file_that_was_written(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space") as raised, naming_file(tmp_path / "log"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert file_and_reason(raised.value, "another") == f"{tmp_path}/log: no space left on device"
    with pytest.raises(FileNotFoundError) as missing, naming_file(tmp_path / "log"):
        (tmp_path / "missing").read_bytes()
    assert missing.value.filename == str(tmp_path / "missing")
