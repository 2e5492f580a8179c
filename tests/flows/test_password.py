"""The password of `nalssi serve`: created once, and readable by its user only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import Settings

from flows.password import FILE, PasswordError, random_password, should_print, stored_password


@pytest.fixture
def open_umask() -> Iterator[None]:
    """A umask with which new files are readable for all users by default."""
    before = os.umask(0)
    yield
    os.umask(before)


def settings(home: Path, **strings: str) -> Settings:
    api = {"auth_string": strings["client"]} if "client" in strings else {}
    server = {"auth_string": strings["server"]} if "server" in strings else {}
    return Settings(home=home, api=api, server={"api": server})


@pytest.mark.usefixtures("open_umask")
def test_the_first_start_creates_a_password_that_later_starts_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []
    renamed = Path.replace

    def replace(self: Path, target: Path) -> Path:
        modes.append((self.stat().st_mode & 0o777, len(self.read_text())))
        return renamed(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    home = tmp_path / "new"
    first = stored_password(settings(home))
    assert first.new
    assert first.text.startswith("nalssi:")
    assert len(first.text) > 30
    assert modes == [(0o600, len(first.text) + 1)]  # complete and private before it is renamed
    assert [file.name for file in home.iterdir()] == [FILE]
    assert (home / FILE).stat().st_mode & 0o777 == 0o600
    again = stored_password(settings(home))
    assert (again.text, again.new) == (first.text, False)


def test_no_two_passwords_are_equal() -> None:
    assert len({random_password() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("strings", "text"),
    [
        ({"server": "me:mine"}, "me:mine"),
        ({"client": "me:mine"}, "me:mine"),
        ({"server": "me:mine", "client": "me:other"}, "me:mine"),
    ],
)
def test_the_users_own_password_is_used_and_not_stored(
    strings: dict[str, str], text: str, tmp_path: Path
) -> None:
    password = stored_password(settings(tmp_path, **strings))
    assert (password.text, password.file, password.new) == (text, None, False)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["secret-without-user", "me:비밀번호", "me:two\nlines"])
def test_a_password_that_prefect_cannot_use_is_refused_without_being_shown(
    text: str, tmp_path: Path
) -> None:
    with pytest.raises(PasswordError) as refused:
        stored_password(settings(tmp_path, server=text))
    assert "PREFECT_SERVER_API_AUTH_STRING" in str(refused.value)
    assert text not in str(refused.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_may_read_or_change_is_refused(mode: int, tmp_path: Path) -> None:
    stored_password(settings(tmp_path))
    (tmp_path / FILE).chmod(mode)
    with pytest.raises(PasswordError, match="chmod 600"):
        stored_password(settings(tmp_path))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).touch(mode=0o600)
    with pytest.raises(PasswordError, match=FILE):
        stored_password(settings(tmp_path))


def test_a_password_is_shown_once_and_never_to_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stored_password(settings(tmp_path)), stored_password(settings(tmp_path))
    with (tmp_path / "out").open("w") as out:
        monkeypatch.setattr("sys.stdout", out)
        assert should_print(first)
        assert not should_print(second)
        status = os.fstat(out.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino}")
        assert not should_print(first)
