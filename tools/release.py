"""Build the files of a release and check them (`make release-dry-run`). Nothing is published.

    python -m tools.release CYCLONEDX FOLDER

`CYCLONEDX` is the command cyclonedx-py. The folder gets the wheel, the source distribution, the
bill of materials (SBOM, CycloneDX 1.6) of the locked dependencies, and `SHA256SUMS`. Two builds of
one commit give the same bytes. `docs/release.md` is the procedure.

Exit status 1: something is not ready; each finding is one line.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tools.lock_file import CHECKOUT, RUNTIME, pins

SUMS = "SHA256SUMS"
_NOT_RELEASED = "(unreleased)"


def main(cyclonedx: str, folder: Path) -> int:
    """Build and check a release in `folder`; return the exit status.

    `cyclonedx` is the path of the command cyclonedx-py.
    """
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["version"]
    findings = [*_of_checkout(version)]
    shutil.rmtree(folder, ignore_errors=True)
    build(folder)
    again = folder / "again"
    build(again)
    findings += [
        f"{path.name}: another build of the same commit gives other bytes"
        for path in again.iterdir()
        if path.read_bytes() != (folder / path.name).read_bytes()
    ]
    shutil.rmtree(again)
    findings += of_packages(folder, version)
    sbom = folder / f"nalssi-{version}.cdx.json"
    write_sbom(cyclonedx, sbom)
    findings += of_sbom(json.loads(sbom.read_text(encoding="utf-8")))
    write_sums(folder)
    for line in (folder / SUMS).read_text().splitlines():
        print(line)
    for finding in findings:
        print(f"not ready: {finding}", file=sys.stderr)
    return int(bool(findings))


def _of_checkout(version: str) -> Iterator[str]:
    """Yield a line for each fact that keeps this checkout from being released as `version`."""
    if _git("status", "--porcelain"):
        yield "there are changes that are not committed"
    if _git("tag", "--list", f"v{version}"):
        yield f"the tag v{version} exists: raise `version` in pyproject.toml"
    changes = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = re.search(rf"^## {re.escape(version)}\b.*$", changes, re.MULTILINE)
    if heading is None:
        yield f"CHANGELOG.md has no section {version}"
    elif _NOT_RELEASED in heading[0]:
        yield f"CHANGELOG.md: the section {version} has no date"


def build(folder: Path) -> None:
    """Build the wheel and the source distribution, with the time of the commit."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": _git("log", "-1", "--format=%ct")}
    command = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "sdist",
        "-t",
        "wheel",
        "-d",
        str(folder),
    ]
    command += ["-d", str(folder)]
    subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, stdout=subprocess.DEVNULL)


def of_packages(folder: Path, version: str) -> Iterator[str]:
    """Yield a line for each fault of the wheel and the source distribution in `folder`.

    `version` is the version that they must have.
    """
    names = {path.name for path in folder.iterdir()}
    wheel, source = f"nalssi-{version}-py3-none-any.whl", f"nalssi-{version}.tar.gz"
    if names != {wheel, source}:
        yield f"expected {wheel} and {source}, built {', '.join(sorted(names))}"
        return
    with zipfile.ZipFile(folder / wheel) as archive:
        in_wheel = set(archive.namelist())
    with tarfile.open(folder / source) as archive:
        in_source = {name.partition("/")[2] for name in archive.getnames()}
    listed = _git("ls-files", "nalssi", "schemas", "flows").splitlines()
    for place, content in ((wheel, in_wheel), (source, in_source)):
        if missing := [name for name in listed if name not in content]:
            yield f"{place} lacks {len(missing)} files, such as {missing[0]}"
        if strange := [name for name in content if name.endswith((".pyc", ".duckdb"))]:
            yield f"{place} has {strange[0]}"


def write_sbom(cyclonedx: str, sbom: Path) -> None:
    """Write the bill of materials of the locked dependencies to the file `sbom`, as CycloneDX.

    `cyclonedx` is the path of the command cyclonedx-py.
    """
    subprocess.run(
        [
            *(cyclonedx, "requirements", str(RUNTIME), "--validate", "--output-reproducible"),
            *("--pyproject", str(CHECKOUT / "pyproject.toml"), "--mc-type", "application"),
            *("--spec-version", "1.6", "--output-format", "JSON", "--output-file", str(sbom)),
        ],
        check=True,
        env=os.environ | {"PYTHONWARNINGS": "ignore::UserWarning"},  # a lock has no graph
    )


def of_sbom(sbom: dict[str, object]) -> Iterator[str]:
    """Yield a line for each fault of a bill of materials: it must have the packages of the lock.

    `sbom` is the content of its JSON file.
    """
    components = sbom.get("components")
    assert isinstance(components, list)
    listed = sorted((part["name"].lower(), part["version"]) for part in components)
    locked = sorted((pin.name.lower(), pin.version) for pin in pins(RUNTIME))
    if listed != locked:
        names = sorted({name for name, _ in {*listed} ^ {*locked}}) or ["one that occurs twice"]
        yield f"the SBOM and {RUNTIME.name} differ: {', '.join(names)}"
    for part in components:
        hashes = [each for link in part.get("externalReferences", ()) for each in link["hashes"]]
        if not hashes:
            yield f"the SBOM has no checksum of {part['name']}"


def write_sums(folder: Path) -> None:
    """Write the checksums of the files, in the form that `sha256sum --check` reads."""
    files = sorted(path for path in folder.iterdir() if path.name != SUMS and path.is_file())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / SUMS).write_text("".join(lines))


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=CHECKOUT, check=True, capture_output=True)
    return done.stdout.decode().strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
