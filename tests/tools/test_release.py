"""A release is refused if its bill of materials or its files are not those of the repository."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from tools.lock_file import RUNTIME, pins
from tools.release import SUMS, of_packages, of_sbom, write_sums

HASHES = [{"hashes": [{"alg": "SHA-256", "content": "0" * 64}]}]


def sbom() -> list[dict[str, Any]]:
    """The components of a bill of materials of the lock."""
    return [
        {"name": pin.name, "version": pin.version, "externalReferences": HASHES}
        for pin in pins(RUNTIME)
    ]


def test_a_bill_of_materials_has_every_locked_package_with_its_checksums() -> None:
    parts = sbom()
    assert list(of_sbom({"components": parts})) == []
    (first, *rest) = parts
    assert list(of_sbom({"components": rest})) == [
        f"the SBOM and requirements.lock differ: {first['name']}"
    ]
    older = first | {"version": "0"}
    assert first["name"] in next(of_sbom({"components": [older, *rest]}))
    bare = first | {"externalReferences": []}
    assert list(of_sbom({"components": [bare, *rest]})) == [
        f"the SBOM has no checksum of {first['name']}"
    ]


def test_packages_of_another_version_are_no_release(tmp_path: Path) -> None:
    (tmp_path / "nalssi-0.0.9.tar.gz").write_bytes(b"")
    (finding,) = of_packages(tmp_path, "0.1.0")
    assert finding.startswith("expected nalssi-0.1.0-py3-none-any.whl and nalssi-0.1.0.tar.gz")


@pytest.mark.parametrize("times", [1, 2])
def test_checksums_are_those_of_the_files(tmp_path: Path, times: int) -> None:
    (tmp_path / "b.whl").write_bytes(b"b")
    (tmp_path / "a.tar.gz").write_bytes(b"a")
    for _ in range(times):
        write_sums(tmp_path)
    a, b = (hashlib.sha256(content).hexdigest() for content in (b"a", b"b"))
    assert (tmp_path / SUMS).read_text() == f"{a}  a.tar.gz\n{b}  b.whl\n"
