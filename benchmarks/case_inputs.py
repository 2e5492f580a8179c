"""The inputs of the benchmarks: corpora of a given size, made once and kept in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpora import MADE, Form, archive, corpus

SPARSE_PAGES, DENSE_PAGES, HTML_PAGES = 240_000, 100_000, 2_000
WARC_PAGES: dict[Form, int] = {"pages": 15_000, "coded": 8_000, "wet": 40_000}
PAGE = "2025.12.19 (금)\n• 맑음서울 3.2℃\n• 비강릉 4.1℃\n• 흐림부산 8.0℃\n"


@dataclass(frozen=True)
class Setup:
    """The settings of a benchmark run: folder and size of the corpora, and runs of each task.

    `scale` multiplies the number of pages. `datatrove` is a Python interpreter that has datatrove,
    or None if datatrove is not compared.
    """

    folder: Path
    scale: float
    runs: int
    datatrove: Path | None

    def pages(self, whole: int) -> int:
        """Return the number `whole` of pages multiplied by `scale`, but at least 1000."""
        return max(1000, int(whole * self.scale))

    def sparse(self, number: int = 0) -> str:
        """Return the path of a corpus in which one page in a hundred has a ticker.

        Corpora with different numbers have different pages.
        """
        pages = self.pages(SPARSE_PAGES)
        name = f"{MADE}-sparse-{pages}-{number}.parquet"
        return str(corpus(self.folder / name, pages, 100, number))

    def dense(self) -> str:
        """Return the path of a corpus in which every page has a ticker."""
        pages = self.pages(DENSE_PAGES)
        return str(corpus(self.folder / f"{MADE}-dense-{pages}.parquet", pages, 1, 9))

    def dense_parts(self) -> list[str]:
        """Return the paths of four corpora that together have as many pages as that of `dense`.

        Each file is a partition, so that Dask workers can share the work.
        """
        pages = self.pages(DENSE_PAGES) // 4
        return [
            str(corpus(self.folder / f"{MADE}-dense-{pages}-{n}.parquet", pages, 1, 20 + n))
            for n in range(4)
        ]

    def archive(self, form: Form = "pages") -> str:
        """Return the path of a gzipped web archive; one page in a hundred has a ticker."""
        pages = self.pages(WARC_PAGES[form])
        name = f"{MADE}-{form}-{pages}.warc.gz"
        return str(archive(self.folder / name, form, pages, 100, 3))

    def page(self) -> str:
        """Return the path of a small page with a ticker."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "page.txt"
        path.write_text(PAGE, "utf-8")
        return str(path)
