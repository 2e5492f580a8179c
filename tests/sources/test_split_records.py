"""Where the records of an archive end, whatever their lengths say."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.sources.sample_sources import html, problems, rows
from tests.sources.test_record_checks import HTML, answer, length, numbers, record

PAGE = answer(html(), length(len(html())))


def too_long(number: int, block: bytes, by: int) -> bytes:
    """Return a record whose head states `by` bytes more than the record has."""
    said = b"Content-Length: %d\r\n\r\nHTTP"
    whole = record(number, block)
    assert said % len(block) in whole
    return whole.replace(said % len(block), said % (len(block) + by))


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["warc", "one member"])
@pytest.mark.parametrize("swallowed", [1, 2])
def test_a_record_inside_the_block_of_another_is_read(tmp_path: Path, pack, swallowed: int) -> None:
    path = tmp_path / "a.warc"
    pages = [record(number, PAGE) for number in range(5)]
    covered = b"".join(pages[2 : 2 + swallowed])
    pages[1] = too_long(1, PAGE, len(covered) + 4)
    assert pages[1] != record(1, PAGE)
    path.write_bytes(pack(b"".join(pages)))
    assert numbers(path) == ["0", "2", "3", "4"]
    (problem,) = problems(path)
    assert "its length does not fit: it covers another record" in problem


def test_a_page_whose_text_contains_a_record_is_read_whole(tmp_path: Path) -> None:
    shown = html() + b"\r\n\r\n" + record(1, PAGE)
    for head in (length(len(shown)), HTML):
        (tmp_path / "a.warc").write_bytes(
            record(0, PAGE) + record(1, answer(shown, head)) + record(2, PAGE)
        )
        assert len(rows(tmp_path / "a.warc")) == 3


def test_a_last_record_without_its_empty_lines_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    whole = record(0, PAGE) + record(1, PAGE)
    path.write_bytes(whole.removesuffix(b"\r\n\r\n"))
    assert len(rows(path)) == 2
    path.write_bytes(whole[:-5])
    (problem,) = problems(path)
    assert "the archive is cut off here" in problem
    assert numbers(path) == ["0"]
