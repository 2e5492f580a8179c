"""`nalssi draw` makes one picture of pages or of a warehouse, and says why if there is none."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from nalssi.api import load
from nalssi.charts.chart_kinds import DEFAULT_KINDS
from nalssi.charts.draw_options import DrawOptions
from nalssi.common.paths import SAMPLES
from tests.cli.run_nalssi import nalssi

SEED = SAMPLES / "01-seed-glued-spaced.txt"
TWO_LISTS = SAMPLES / "15-two-tickers.txt"
UNDATED = SAMPLES / "14-undated.txt"
NO_TICKER = SAMPLES / "16-no-ticker.txt"
HEADS = {"png": b"\x89PNG\r\n", "svg": b"<?xml ", "pdf": b"%PDF-"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the first sample page and two lists of other days."""
    return load(SEED, TWO_LISTS, into=tmp_path_factory.mktemp("draw")).warehouse.folder


def svg_of(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_bytes())  # noqa: S314  # we wrote it


def texts_of(path: Path) -> list[str | None]:
    """Return all texts of a picture that was drawn with --text."""
    return [text.text for text in svg_of(path).iter(f"{SVG}text")]


def words_of(path: Path, name: str) -> str:
    element = svg_of(path).find(f"{SVG}{name}")
    assert element is not None
    assert element.text
    return element.text


@pytest.mark.parametrize("form", list(HEADS))
def test_the_suffix_decides_the_format(form: str, tmp_path: Path) -> None:
    file = tmp_path / f"map.{form.upper()}"
    done = nalssi("draw", "map", SEED, "-o", file)
    assert (done.exit_code, done.stdout) == (0, "")
    assert file.read_bytes().startswith(HEADS[form])


def test_a_picture_has_its_finding_and_numbers_in_words(tmp_path: Path) -> None:
    file = tmp_path / "map.svg"
    done = nalssi("draw", "map", SEED, "-o", file, "--lang", "en")
    assert done.exit_code == 0
    assert "whether the site's feed is frozen" in done.stderr
    description = words_of(file, "desc")
    assert "Friday, 19 December 2025" in description or "Fri, 19 December 2025" in description
    assert "hour of observation unknown" in description
    assert "Jeju 19.2°C" in description
    assert "cannot show whether the site's feed was frozen" in description


def test_an_undated_page_says_so_in_the_picture(tmp_path: Path) -> None:
    file = tmp_path / "regions.svg"
    assert nalssi("draw", "regions", UNDATED, "-o", file, "--text").exit_code == 0
    assert any(text and "날짜 미상" in text for text in texts_of(file))


def test_the_newest_of_several_lists_is_drawn_and_the_others_are_named(tmp_path: Path) -> None:
    file = tmp_path / "map.svg"
    done = nalssi("draw", "map", TWO_LISTS, "-o", file)
    assert done.exit_code == 0
    assert "drew the list of 2026-02-02; there are lists of 2026-02-02, 2026-01-06" in done.stderr
    assert "2026년 2월 2일" in words_of(file, "desc")


def test_a_day_selects_a_list(tmp_path: Path) -> None:
    file = tmp_path / "map.svg"
    assert nalssi("draw", "map", TWO_LISTS, "-o", file, "--day", "2026-01-06").exit_code == 0
    assert "2026년 1월 6일" in words_of(file, "desc")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (
            ["map", SEED, "--day", "2020-01-01"],
            "no list of 2020-01-01; there are lists of 2025",
        ),
        (["change", SEED], "the hour is unknown"),
        (["map", SEED, "--region", "1", "--station", "184"], "no usable reading in region 1 of"),
        (["map", NO_TICKER], "there is nothing to draw: no list has a usable reading"),
        (["map", "missing.html"], "missing.html"),
        (["map", SEED, "--snapshot", "a1"], "no snapshot a1 with a usable reading"),
        (["map", "--warehouse", "nowhere"], "no warehouse in nowhere"),
    ],
)
def test_a_selection_without_a_picture_says_why(
    arguments: list[object], reason: str, tmp_path: Path
) -> None:
    file = tmp_path / "picture.svg"
    done = nalssi("draw", *arguments, "-o", file)
    assert done.exit_code == 1
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1
    assert not file.exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (
            ["-o", "picture.jpg"],
            "picture.jpg: use one of the suffixes .png, .svg, .pdf, or --format",
        ),
        (["-o", "-"], "standard output needs a --format"),
        (["-o", "a.svg", "--width", "wide"], "'wide' is not a width such as 170mm"),
        (["-o", "a.png", "--width", "900mm", "--dpi", "1200"], "42,520 pixels is too large"),
        (["-o", "a.svg", "--day", "2025-12-19", "--since", "2025-12-01"], "--day cannot be used"),
        (["-o", "a.svg", "--title", "눈 ☃"], "--title: Glyph 9731"),
    ],
)
def test_a_bad_value_is_wrong_usage(
    options: list[str], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = nalssi("draw", "map", SEED, *options)
    assert done.exit_code == 2
    assert reason in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_standard_output_takes_a_picture() -> None:
    done = nalssi("draw", "regions", SEED, "-o", "-", "--format", "png")
    assert done.exit_code == 0
    assert done.stdout_bytes.startswith(HEADS["png"])


def test_standard_input_is_a_source(tmp_path: Path) -> None:
    file = tmp_path / "map.png"
    done = nalssi("draw", "map", "-", "-o", file, stdin=SEED.read_text(encoding="utf-8"))
    assert done.exit_code == 0
    assert file.read_bytes().startswith(HEADS["png"])


def test_a_file_is_replaced_and_a_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "old.svg", tmp_path / "link.svg"
    file.write_text("old")
    link.symlink_to(file)
    assert nalssi("draw", "map", SEED, "-o", link).exit_code == 0
    assert link.is_symlink()
    assert file.read_bytes().startswith(HEADS["svg"])
    assert sorted(tmp_path.iterdir()) == [link, file]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    for target, reason in (("no/map.svg", "no such file"), ("", "is a directory")):
        done = nalssi("draw", "map", SEED, "-o", tmp_path / target, "--format", "svg")
        assert done.exit_code == 1
        assert f"{tmp_path / target}: {reason}" in done.stderr


def test_a_source_that_cannot_be_used_is_reported_beside_the_picture(tmp_path: Path) -> None:
    file = tmp_path / "map.svg"
    done = nalssi("draw", "map", SEED, "missing.html", "-o", file)
    assert done.exit_code == 1
    assert "missing.html" in done.stderr
    assert file.read_bytes().startswith(HEADS["svg"])


@pytest.mark.parametrize("kind", [kind for kind in DEFAULT_KINDS if kind != "change"])
def test_every_kind_is_drawn_from_a_warehouse(kind: str, warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / f"{kind}.svg"
    done = nalssi("draw", kind, "-o", file, "--warehouse", warehouse, "--lang", "en")
    assert (done.exit_code, done.stderr) == (0, "")
    assert words_of(file, "title")
    assert words_of(file, "desc")


def test_a_period_is_drawn_from_pages(tmp_path: Path) -> None:
    file = tmp_path / "series.svg"
    done = nalssi("draw", "series", SEED, TWO_LISTS, "-o", file)
    assert (done.exit_code, done.stderr) == (0, "")


def test_a_day_of_a_warehouse_has_a_title_a_width_and_a_language(
    warehouse: Path, tmp_path: Path
) -> None:
    file = tmp_path / "regions.svg"
    options = ["--day", "2025-12-19", "--title", "Mild in the south", "--width", "170mm"]
    options += ["--dpi", "300", "--lang", "en", "--text"]
    done = nalssi("draw", "regions", "--warehouse", warehouse, "-o", file, *options)
    assert (done.exit_code, done.stderr) == (0, "")
    assert svg_of(file).get("width") == "170mm"
    assert words_of(file, "title") == "Mild in the south"
    assert "Mild in the south" in texts_of(file)
    assert "2025" in " ".join(text or "" for text in texts_of(file))


@pytest.mark.parametrize(
    "title",
    [
        '<script>alert("1")</script> & $x^2$ ]]> \x1b[31m\x00\n--> 끝',
        "x" * 2000,
    ],
)
def test_a_hostile_title_is_text_and_fits(title: str, tmp_path: Path) -> None:
    file = tmp_path / "regions.svg"
    done = nalssi("draw", "regions", SEED, "-o", file, "--title", title, "--text")
    assert done.exit_code == 0
    root = svg_of(file)
    assert root.find(f".//{SVG}script") is None
    widest = max(len(text or "") for text in texts_of(file))
    assert widest < 150
    head = title[:8]
    assert any((text or "").startswith(head) for text in texts_of(file))


def test_a_page_cannot_put_markup_into_a_picture(tmp_path: Path) -> None:
    page, file = tmp_path / "page.html", tmp_path / "map.svg"
    lines = SEED.read_text(encoding="utf-8").splitlines()
    lines[2:2] = ["• <b>맑음</b>&lt;script&gt;서울 1.0℃", "• 맑음\x1b[31m<svg onload=x>강릉 2.0℃"]
    page.write_text("<br>".join(lines), encoding="utf-8")
    assert nalssi("draw", "map", page, "-o", file, "--text").exit_code == 0
    drawn = file.read_text(encoding="utf-8")
    assert "<script" not in drawn
    assert "onload" not in drawn


def test_every_option_of_appearance_is_an_option_of_the_command() -> None:
    from nalssi.charts.draw_options import SELECTING_FIELDS

    assert {"width", "dpi", "text"} <= set(DrawOptions.__dataclass_fields__) - SELECTING_FIELDS
    text = nalssi("draw", "--help").stdout
    assert all(option in text for option in ("--width", "--dpi", "--text", "--region"))


def test_a_day_that_a_warehouse_lacks_names_the_nearest_days(
    warehouse: Path, tmp_path: Path
) -> None:
    done = nalssi("draw", "map", "-o", tmp_path / "map.svg", "--warehouse", warehouse,
                  "--day", "2020-01-01")  # fmt: skip
    assert done.exit_code == 1
    assert "there is nothing to draw: no list of 2020-01-01; the nearest day is 20" in done.stderr


def test_two_stations_of_a_warehouse_are_compared(warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / "comparison.svg"
    arguments = ("draw", "comparison", "-o", file, "--warehouse", warehouse, "--lang", "en")
    done = nalssi(*arguments, "--station", 105, "--with", 108)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "than Seoul on average" in words_of(file, "title")
    done = nalssi(*arguments, "--station", 105)
    assert done.exit_code == 2
    assert "a comparison needs --with" in done.stderr
