"""What we lock: hashed, without addresses, licensed as the page says, and honestly audited."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tools import audit, licences
from tools.lock_file import CHECKOUT, DEVELOPMENT, RUNTIME, Pin, pins

LOCKS = sorted(CHECKOUT.glob("requirements*.lock"))
ROW = re.compile(r"^\| ([a-z0-9._-]+) \| (\S+) \| (.+) \| (.+) \|$", re.M)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_and_hashes_every_package_and_carries_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert not re.search(r"://|--index-url|--find-links|--extra-index|--trusted-host|@ ", text)
    entries = [entry for entry in re.split(r"^(?=\w)", text, flags=re.M) if re.match(r"\w", entry)]
    assert len(entries) == len(pins(lock)) > 0
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_page_of_licences_is_current_with_the_lock() -> None:
    page = licences.PAGE.read_text(encoding="utf-8")
    rows = ROW.findall(page.partition("## Packages")[2].partition("|---|")[2])
    assert [(name, version) for name, version, *_ in rows] == [
        (pin.name, pin.version) for pin in pins(RUNTIME)
    ], "make docs"
    for name, version, licence, _ in rows:
        try:
            package = distribution(name)
        except PackageNotFoundError:  # for another system or another Python
            continue
        if package.version == version and name not in licences.BY_NAME:
            assert licence == licences.declared_licence(package), "make docs"


def test_a_licence_that_nobody_has_judged_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for licence in ("GPL-3.0-only", "Proprietary", ""):
        monkeypatch.setitem(licences.ELSEWHERE, "no-such-package", licence)
        with pytest.raises(ValueError, match=r"no-such-package 1: the licence .* is not judged"):
            licences._judged(Pin("no-such-package", "1", ""))


@pytest.mark.parametrize(
    ("packages", "status", "said"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], audit.SAFE, "1 packages audited with osv"),
        (
            [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}],
            audit.VULNERABLE,
            "a 1: CVE-1, mended in 2",
        ),
        ([{"name": "a", "skip_reason": "not found"}], audit.UNKNOWN, "knows nothing of 1 of 1"),
        ([], audit.UNKNOWN, "knows nothing of 1 of 1 packages (a)"),
    ],
)
def test_what_was_not_audited_is_never_called_safe(packages, status, said, capsys) -> None:
    assert audit.report(packages, {"a"}, "osv") == status
    assert said in "".join(capsys.readouterr())


@pytest.mark.process
def test_without_the_advisories_the_reason_is_one_line_and_a_status_of_its_own(
    tmp_path: Path, capsys
) -> None:
    offline = tmp_path / "pip-audit"
    offline.write_text("#!/bin/sh\necho Traceback >&2\necho 'cannot resolve osv.dev' >&2\nexit 1\n")
    offline.chmod(0o755)
    assert audit.main(str(offline)) == audit.UNKNOWN
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == ("not audited: osv: cannot resolve osv.dev; pypi: cannot resolve osv.dev\n")
    assert audit.main(str(tmp_path / "no")) == audit.UNKNOWN


def test_both_locks_are_audited() -> None:
    assert {pin.name for pin in pins(RUNTIME)} & {"polars", "prefect"} == {"polars", "prefect"}
    assert "pytest" in {pin.name for pin in pins(DEVELOPMENT)}
