"""A digest of code changes with what the code does, and with nothing else."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from nalssi.common.code_digest import add_modules, normalized_code


def test_comments_docstrings_and_layout_do_not_count() -> None:
    assert normalized_code('"""One."""\nx = [1,\n 2]  # why\n') == normalized_code(
        '"""Two."""\n\nx = [1, 2]\n'
    )
    assert normalized_code('def f():\n    """One."""\n    return 1\n') == normalized_code(
        "def f():\n    return 1\n"
    )


@pytest.mark.parametrize("other", ["x = [1, 3]\n", "y = [1, 2]\n", "x = [1, 2]\nz = 1\n"])
def test_code_counts(other: str) -> None:
    assert normalized_code("x = [1, 2]\n") != normalized_code(other)


def test_an_ignored_name_may_have_any_value() -> None:
    assert normalized_code("V = 1\nx = 2\n", {"V"}) == normalized_code("V = 9\nx = 2\n", {"V"})


def test_the_name_of_a_module_counts(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    first, second = sha256(), sha256()
    add_modules(first, tmp_path, ["*.py"])
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    add_modules(second, tmp_path, ["*.py"])
    assert first.digest() != second.digest()
