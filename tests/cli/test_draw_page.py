"""Every command and the Python of docs/draw.md, run in the order of the page."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from nalssi.api import load
from nalssi.common.paths import CHECKOUT, SAMPLES
from tests.cli.run_nalssi import nalssi

PAGE = (CHECKOUT / "docs" / "draw.md").read_text(encoding="utf-8")
SEED = SAMPLES / "01-seed-glued-spaced.txt"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a reader of the page, with pages and a warehouse."""
    load(SEED, into=tmp_path / "warehouse")
    monkeypatch.setenv("NALSSI_WAREHOUSE", str(tmp_path / "warehouse"))
    (tmp_path / "pages").mkdir()
    for sample in ("01-seed-glued-spaced.txt", "15-two-tickers.txt"):
        shutil.copy(SAMPLES / sample, tmp_path / "pages")
    shutil.copy(SEED, tmp_path / "page.html")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_draw_what_they_say(desk: Path) -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) == 5
    for command in commands:
        words, _, redirected = command.partition(" < ")
        source, _, output = redirected.partition(" > ")
        text = Path(source).read_text(encoding="utf-8") if source else ""
        done = nalssi(*shlex.split(words)[1:], stdin=text)
        assert done.exit_code == 0, f"{command}\n{done.stderr}"
        if output:
            Path(output).write_bytes(done.stdout_bytes)
    for name in ("map.svg", "regions.png", "map.pdf", "series.svg", "map.png"):
        assert (desk / name).stat().st_size > 1000, name


@pytest.mark.filterwarnings("ignore:drawn from one list")
def test_the_python_draws_what_it_says(desk: Path) -> None:
    for block in blocks("python"):
        exec(block, {})  # noqa: S102  # it is our page
    assert (desk / "map.svg").read_bytes().startswith(b"<?xml")
    assert (desk / "regions.pdf").read_bytes().startswith(b"%PDF")
