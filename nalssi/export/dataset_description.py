"""The two descriptions of an exported data set, for programs.

`data_package` is the Data Package of Frictionless, `croissant` the description that search engines
of data sets read. Both state every data file, the licence and the period. Their argument `facts`
has the values that `dataset_export` also puts into the README files of the data set, by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

NAME: Final = "korean-ticker-weather"
TITLE: Final = "Regional weather of Korea, from the tickers of news sites"
SOURCE: Final = "Korea Meteorological Administration (KMA, 기상청)"
LICENCE: Final = {
    "name": "KOGL-1",
    "title": "Korea Open Government License, type 1: attribution (공공누리 제1유형)",
    "path": "https://www.kogl.or.kr/info/license.do",
}
"""The licence of KMA's public data in a Data Package; see schemas/reference/README.md."""
Fields = Mapping[str, str]
"""A column of a file: its `name`, its `type` in Frictionless, and its `description`."""


@dataclass(frozen=True)
class DataFile:
    """A file of the data set, as the descriptions state it.

    `path` is relative to the data set, `table` the table whose rows the file has, `fields` are the
    columns, `size` is in bytes.
    """

    path: str
    table: str
    description: str
    rows: int
    fields: Sequence[Fields]
    size: int
    sha256: str

    @property
    def is_csv(self) -> bool:
        """Whether it is a CSV file. If not, it is a Parquet file."""
        return self.path.endswith(".csv")


def data_package(files: Sequence[DataFile], facts: Mapping[str, Any]) -> dict[str, object]:
    """Return the content of `datapackage.json`: https://datapackage.org/standard/data-package/.

    `files` are the data files of the data set. `facts` has the values that `dataset_export`
    computes, among them `title`, `readings` and `stations` (numbers), `first` and `last` (days).
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "title": facts["title"],
        "description": (
            f"{facts['readings']} readings of {facts['stations']} stations,"
            f" {facts['first']} to {facts['last']}. {facts['attribution_en']}"
        ),
        "version": f"{facts['last']}",
        "licenses": [LICENCE],
        "sources": [{"title": SOURCE, "path": "https://www.kma.go.kr/"}],
        "contributors": [{"title": facts["generator"], "roles": ["processor"]}],
        "keywords": ["weather", "Korea", "KMA", "temperature"],
        "resources": [_resource(file) for file in files],
    }


def _resource(file: DataFile) -> dict[str, object]:
    # Frictionless cannot count the bytes of a Parquet file, and would report it as changed. It
    # reads Parquet through pandas, where a missing integer is the text "nan".
    of_csv = {"mediatype": "text/csv", "encoding": "utf-8", "bytes": file.size}
    of_parquet = {"mediatype": "application/vnd.apache.parquet"}
    missing = {} if file.is_csv else {"missingValues": ["", "nan"]}
    return {
        "name": file.path.rpartition(".")[0].replace("/", "-"),
        "type": "table",
        "path": file.path,
        "description": file.description,
        "format": file.path.rpartition(".")[2],
        **(of_csv if file.is_csv else of_parquet),
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": {"fields": file.fields, **missing},
    }


def croissant(files: Sequence[DataFile], facts: Mapping[str, Any]) -> dict[str, object]:
    """Return the content of `croissant.json`: https://docs.mlcommons.org/croissant/.

    `facts` are values by name, which `dataset_export` computes.
    """
    return {
        "@context": {
            "@language": "en",
            "@vocab": "https://schema.org/",
            "cr": "http://mlcommons.org/croissant/",
            "sc": "https://schema.org/",
            "dct": "http://purl.org/dc/terms/",
            "conformsTo": "dct:conformsTo",
        },
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": NAME,
        "description": facts["title"],
        "license": LICENCE["path"],
        "creditText": facts["attribution_en"],
        "temporalCoverage": f"{facts['first']}/{facts['last']}",
        "version": f"{facts['last']}",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file.path,
                "name": file.path,
                "contentUrl": file.path,
                "contentSize": f"{file.size} B",
                "encodingFormat": "text/csv" if file.is_csv else "application/x-parquet",
                "sha256": file.sha256,
            }
            for file in files
        ],
    }
