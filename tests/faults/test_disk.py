"""Full disks, limits on file sizes, and folders without write permission.

A command reports the fault in one line, and the warehouse stays as it was.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nalssi.common.paths import SAMPLES

from .fault_runs import (
    ENVIRONMENT,
    JOB,
    NALSSI,
    Done,
    assert_equal,
    assert_refused,
    files,
    nalssi,
    rows,
    run,
    run_successfully,
)

BOUND = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
"""A command that removes a capability, so that permissions apply to root too."""
PRIVATE = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
"""A command that makes a mount namespace. Any user may mount in it, and its mounts end with it."""
ON_A_FULL_DISK = """
    set -e
    mount -t tmpfs -o size=64m none "$1"
    cp -a "$2" "$1/warehouse"
    rm -r "$1/warehouse/charts" "$1/warehouse/gallery"  # so that there is something to draw
    cat /dev/zero > "$1/ballast" 2> "$4/ignored" || truncate -s "-$3" "$1/ballast"
    job="$5"; out="$4"; disk="$1"; shift 5
    status=0
    python "$job" "$disk/warehouse" "$@" $FIRST > "$out/stages" 2> "$out/error" || status=$?
    echo $status > "$out/status"
    cp -a "$disk/warehouse" "$out/after"
    rm "$disk/ballast"
    python "$job" "$disk/warehouse" "$@"
    cp -a "$disk/warehouse" "$out/end"
"""
WITHOUT_INODES = """
    set -e
    mount -t tmpfs -o size=256m,nr_inodes=20000 none "$1"
    cp -a "$2" "$1/warehouse"
    rm -r "$1/warehouse/charts" "$1/warehouse/gallery"
    mkdir "$1/ballast"
    (cd "$1/ballast"; seq 20000 | xargs touch) 2> "$4/ignored" || true
    (cd "$1/ballast"; seq "$3" | xargs -r rm)
    job="$5"; out="$4"; disk="$1"; shift 5
    status=0
    python "$job" "$disk/warehouse" "$@" $FIRST > "$out/stages" 2> "$out/error" || status=$?
    echo $status > "$out/status"
    cp -a "$disk/warehouse" "$out/after"
    rm -r "$disk/ballast"
    python "$job" "$disk/warehouse" "$@"
    cp -a "$disk/warehouse" "$out/end"
"""
ON_A_READ_ONLY_DISK = """
    set -e
    mount --bind "$1" "$1"
    mount -o remount,ro,bind "$1"
    shift; exec "$@"
"""


@pytest.mark.parametrize(
    "size",
    [
        60_000,
        *(
            pytest.param(size, marks=pytest.mark.make_faults)
            for size in (0, 4_000, 20_000, 300_000, 1_000_000, 2_000_000, 3_000_000)
        ),
    ],
)
def test_a_file_that_must_not_grow_is_named_and_nothing_is_lost(
    size: int,
    warehouse: Path,
    half_loaded: Path,
    sources: list[str],
    undisturbed: Path,
) -> None:
    done = run(warehouse, sources, wrapper=["prlimit", f"--fsize={size}:"])
    assert_refused(done, str(warehouse), "ile too large")
    assert rows(warehouse) == rows(half_loaded)
    run_successfully(warehouse, sources)
    assert_equal(warehouse, undisturbed)


@pytest.mark.make_faults
@pytest.mark.parametrize(
    ("script", "free", "option"),
    [
        *((ON_A_FULL_DISK, f"{free}K", "") for free in (8, 500, 1000, 4000, 7000)),
        *((ON_A_FULL_DISK, f"{free}K", "--only-draw") for free in (8, 100, 1000)),
        *((WITHOUT_INODES, str(free), "") for free in (0, 3, 20)),
        *((WITHOUT_INODES, str(free), "--only-draw") for free in (0, 3, 100)),
    ],
    ids=lambda value: "inodes" if "nr_inodes" in value else "bytes" if "\n" in value else value,
)
def test_a_full_disk_is_named_and_nothing_is_lost(
    script: str,
    free: str,
    option: str,
    tmp_path: Path,
    half_loaded: Path,
    sources: list[str],
    undisturbed: Path,
) -> None:
    disk, out = tmp_path / "disk", tmp_path / "out"
    disk.mkdir()
    out.mkdir()
    arguments = [disk, half_loaded, free, out, JOB, *sources]
    in_path = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run(
        [*PRIVATE, "sh", "-c", script, "sh", *arguments],
        env=ENVIRONMENT | in_path | {"FIRST": option},
        check=True,
    )
    stages = (out / "stages").read_text().split()
    done = Done(int((out / "status").read_text()), stages, (out / "error").read_text())
    print(f"{free} free: {stages[-1]}: {done.error}")
    assert_refused(done, str(disk / "warehouse"), "o space left on device")
    assert rows(out / "after") == rows(half_loaded)
    assert_equal(out / "end", undisturbed)


def forbid(folder: Path, mode: int) -> None:
    """Set the mode of a folder and of everything in it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(mode | 0o111 if path.is_dir() else mode)


@pytest.mark.make_faults
def test_a_folder_that_must_not_be_written_is_named_and_can_still_be_read(
    warehouse: Path, half_loaded: Path, sources: list[str], undisturbed: Path
) -> None:
    forbid(warehouse, 0o444)
    try:
        assert_refused(run(warehouse, sources, wrapper=BOUND), str(warehouse), "ermission denied")
        assert rows(warehouse) == rows(half_loaded)
    finally:
        forbid(warehouse, 0o644)
    run_successfully(warehouse, sources)
    assert_equal(warehouse, undisturbed)


@pytest.mark.make_faults
def test_a_read_only_disk_is_named_and_can_still_be_read(
    warehouse: Path, half_loaded: Path, sources: list[str]
) -> None:
    wrapper = [*PRIVATE, "sh", "-c", ON_A_READ_ONLY_DISK, "sh", str(warehouse)]
    assert_refused(
        run(warehouse, sources, wrapper=wrapper), str(warehouse), "read-only file system"
    )
    assert rows(warehouse) == rows(half_loaded)
    assert files(warehouse) == files(half_loaded)
    assert "84" in nalssi("sql", "SELECT 84", "--warehouse", warehouse, wrapper=wrapper).out


@pytest.mark.parametrize(
    "command",
    [
        ["forget", "--uri", "*", "--yes"],
        pytest.param(["import", "ARCHIVE"], marks=pytest.mark.make_faults),
        pytest.param(["export", "--out", "WAREHOUSE/export"], marks=pytest.mark.make_faults),
    ],
    ids=lambda command: command[0],
)
def test_commands_without_a_flow_report_a_read_only_folder(
    command: list[str], half_loaded: Path, warehouse: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    if "ARCHIVE" in command:
        assert nalssi("export", "--out", archive, "--warehouse", warehouse).status == 0
    places = {"ARCHIVE": str(archive), "WAREHOUSE/export": str(warehouse / "export")}
    arguments = [places.get(argument, argument) for argument in command]
    forbid(warehouse, 0o444)
    try:
        refused = nalssi(*arguments, "--warehouse", warehouse, wrapper=BOUND)
        assert_refused(refused, str(warehouse), "ermission denied")
        assert rows(warehouse) == rows(half_loaded)
    finally:
        forbid(warehouse, 0o644)


@pytest.mark.parametrize(
    "command",
    [
        ["parse", str(SAMPLES / "01-seed-glued-spaced.txt"), "--format", "ndjson"],
        ["stations", "list"],
        pytest.param(["sql", "FROM readings", "--format", "csv"], marks=pytest.mark.make_faults),
        pytest.param(["status"], marks=pytest.mark.make_faults),
    ],
    ids=lambda command: command[0],
)
def test_output_to_a_full_disk_is_reported_in_one_line(
    command: list[str], half_loaded: Path
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [NALSSI, *command],
            env=ENVIRONMENT | {"NALSSI_WAREHOUSE": str(half_loaded)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    refused = done.stderr.splitlines()[-1]
    assert (done.returncode, refused) == (
        1,
        "nalssi: the output: no space left on device",
    )
    assert "Traceback" not in done.stderr
