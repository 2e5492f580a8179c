"""Secrets come from a variable or from a file, and no message shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nalssi.common.secret import MOST_BYTES, SecretError, read_secret


def test_a_variable_goes_before_its_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from the file")
    both = {"PASS": " as it is ", "PASS_FILE": str(file)}
    found = read_secret("PASS", both)
    assert found
    assert (found.text, found.origin) == (" as it is ", "PASS")
    assert "as it is" not in repr(found)
    found = read_secret("PASS", both | {"PASS": ""})
    assert found
    assert (found.text, found.origin) == ("from the file", "the file in PASS_FILE")
    assert read_secret("PASS", {"PASS": "", "PASS_FILE": ""}) is None


@pytest.mark.parametrize("content", ["\ufeff비밀\r\n", "비밀\n", " 비밀 "])
def test_a_file_may_be_written_with_any_editor(tmp_path: Path, content: str) -> None:
    file = tmp_path / "secret"
    file.write_text(content, encoding="utf-8")
    found = read_secret("PASS", {"PASS_FILE": str(file)})
    assert found
    assert found.text == "비밀"


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"SECRET\xff", "not in UTF-8"),
        (b"SECRET" * MOST_BYTES, "larger than 4,096 bytes"),
        (None, "is a directory"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, content: bytes | None, cause: str
) -> None:
    file = tmp_path / "file"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(SecretError, match=f"^PASS_FILE: {file}: {cause}$") as failure:
        read_secret("PASS", {"PASS_FILE": str(file)})
    assert "SECRET" not in str(failure.value)
    assert not isinstance(failure.value.__cause__, UnicodeDecodeError)
