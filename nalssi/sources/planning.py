"""Divide an input into partitions.

Small files are grouped: pages of all formats together, corpora of each format by themselves. A
large Parquet file is divided by row groups; any other large file is a partition of its own. A plan
of records, however small, is divided by the sizes of the records that it lists. The names and sizes
of the files decide where a group of small files ends, so that one more file in a folder changes one
partition and not all later ones.

No code in this module decides the content of a staged part. Everything that planning decides (the
format, the address, the rows) is part of a partition's fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from hashlib import blake2b, sha256
from pathlib import Path

from nalssi.common.decompression import READ_ERRORS
from nalssi.sources.find_files import find_files
from nalssi.sources.formats import FORMATS, Kind, kinds_of_role, row_ranges
from nalssi.sources.partition import Options, Partition, Plan, SourceFile
from nalssi.sources.problems import Problem, Skipped, problem_of, skipped_line
from nalssi.sources.remote_objects import refuse_credentials


@dataclass(frozen=True)
class PartitionSizes:
    """The sizes of partitions. Commands use the defaults; tests use smaller sizes."""

    target_bytes: int = 128 * 2**20
    """The approximate size of a partition in bytes on disk: some seconds of work."""
    min_files: int = 128
    """The least number of small files in a group, unless `target_bytes` or the input end first."""
    mean_files: int = 1024
    """The average number of small files in a group, after the first `min_files`."""
    max_files: int = 4096
    """The largest number of small files in a group."""

    @property
    def small_file_bytes(self) -> int:
        """The largest size, in bytes, of a corpus that is grouped with other corpora."""
        return self.target_bytes // 4


DEFAULT_SIZES = PartitionSizes()

_HASHED_WHOLE = 64 * 2**20
"""Up to this size in bytes, the digest of a file covers its whole content."""
_SAMPLE, _SAMPLES = 2**16, 128
"""The size in bytes and the number of the blocks that the digest of a larger file covers."""

_HashedFile = tuple[SourceFile, bytes]


def plan(
    sources: Sequence[str],
    kind: Kind | None = None,
    options: Options | None = None,
    spool: Path | None = None,
    sizes: PartitionSizes | None = None,
) -> Plan:
    """Find the files that `sources` name and divide them into partitions.

    `options` are those of corpora, and part of each partition. `sizes` are those of partitions.
    `kind` is the format of all files; if it is None, the content and the name of each file decide.
    Standard input and fetched pages are kept in the folder `spool`. By default this is a temporary
    folder that is removed when the process ends; workers on other machines need a folder that they
    share. A source that cannot be used becomes a problem of the plan. Raises ValueError for a kind
    that is not in `FORMATS`, and for an address that holds a user name or a password.
    """
    if kind is not None and kind not in FORMATS:
        raise ValueError(f"unknown kind {kind!r}: choose from {', '.join(FORMATS)}")
    options = options or Options()
    sizes = sizes or DEFAULT_SIZES
    result = Plan()
    files: list[SourceFile] = []
    for source in sources:
        refuse_credentials(source)
    for found in find_files(sources, kind, spool):
        if isinstance(found, SourceFile):
            files.append(found)
        elif isinstance(found, Skipped):
            result.skipped.append(found)
        else:
            result.problems.append(found)
    named = (file for file in result.skipped if file.named)
    result.problems.extend(Problem(file.source, file.cause) for file in named)
    if counts := skipped_line(result.skipped):
        result.problems.append(Problem("", counts))
    with ThreadPoolExecutor() as pool:
        digests = list(zip(files, pool.map(_content_digest, files), strict=True))
    result.problems.extend(digest for _, digest in digests if isinstance(digest, Problem))
    hashed = [(file, digest) for file, digest in digests if isinstance(digest, bytes)]
    for group in _groups(hashed, sizes, result.problems):
        fingerprint = _fingerprint(group, options)
        result.partitions.append(Partition(tuple(file for file, _ in group), fingerprint, options))
    return result


def _groups(
    files: list[_HashedFile], sizes: PartitionSizes, problems: list[Problem]
) -> Iterator[list[_HashedFile]]:
    """Yield the files of each partition, with their digests.

    A Problem for each large file that cannot be divided is added to `problems`.
    """
    page_kinds = (*kinds_of_role("page"), *kinds_of_role("page file"))
    yield from _grouped([hashed for hashed in files if hashed[0].kind in page_kinds], sizes)
    for kind in kinds_of_role("corpus"):
        corpora = [hashed for hashed in files if hashed[0].kind == kind]
        # A small plan may list large records.
        largest = -1 if kind == "plan" else sizes.small_file_bytes
        small = [hashed for hashed in corpora if hashed[0].size <= largest]
        yield from _grouped(small, sizes)
        for hashed in corpora:
            if hashed[0].size > largest:
                try:
                    yield from ([share] for share in _divided(*hashed, sizes.target_bytes))
                except (*READ_ERRORS, ValueError) as error:  # pyarrow raises both
                    problems.append(problem_of(hashed[0].source, error))


def _grouped(files: list[_HashedFile], sizes: PartitionSizes) -> Iterator[list[_HashedFile]]:
    """Yield groups of small files. A group ends at a limit of `sizes` or at certain file names.

    A hash of the name decides whether a file ends its group, so a new file in a folder changes only
    the group that it is in.
    """
    group: list[_HashedFile] = []
    size = 0
    for hashed in files:
        group.append(hashed)
        size += hashed[0].size
        ends = len(group) >= sizes.min_files and _name_ends_group(hashed[0], sizes.mean_files)
        if ends or size >= sizes.target_bytes or len(group) >= sizes.max_files:
            yield group
            group, size = [], 0
    if group:
        yield group


def _name_ends_group(file: SourceFile, mean_files: int) -> bool:
    number = int.from_bytes(blake2b(file.uri.encode(), digest_size=4).digest(), "big")
    return number % mean_files == 0


def _divided(file: SourceFile, digest: bytes, target_bytes: int) -> Iterator[_HashedFile]:
    """Yield the ranges of rows of a large file, or the whole file if its format has no ranges.

    A range has about `target_bytes` on disk. Each result is a pair of a file and `digest`, the
    digest of the content of the whole file. Raises an error of `formats.row_ranges` if the file
    cannot be read.
    """
    ranges = row_ranges(file.kind, file.path, target_bytes)
    if ranges is None:
        yield file, digest
        return
    for start, rows, size in ranges:
        yield replace(file, rows=(start, rows), size=size), digest


def _content_digest(file: SourceFile) -> bytes | Problem:
    """Return a digest of a file's content, or a Problem if the file cannot be read.

    Reading a large file completely would take as long as extracting it. So its digest covers its
    length, its modification time and samples of its content. A large file that was copied or
    touched is therefore extracted again, which takes time but changes nothing in the warehouse. The
    digest of a remote object covers its entity tag and its size, so nothing is read.
    """
    if file.etag is not None:
        return sha256(f"{file.etag} {file.size}".encode()).digest()
    try:
        with Path(file.path).open("rb") as content:
            if file.size <= _HASHED_WHOLE:
                return sha256(content.read(_HASHED_WHOLE)).digest()
            changed = Path(file.path).stat().st_mtime_ns
            digest = sha256(f"{file.size} {changed}".encode())
            for sample in range(_SAMPLES):
                content.seek(sample * (file.size - _SAMPLE) // (_SAMPLES - 1))
                digest.update(content.read(_SAMPLE))
            return digest.digest()
    except READ_ERRORS as error:
        return problem_of(file.source, error)


def _fingerprint(files: list[_HashedFile], options: Options) -> str:
    """Return the fingerprint of a partition: a digest of its files and its options.

    Options with their default value are ignored, so that a new option changes no existing
    fingerprint.
    """
    given = {f.name: v for f in fields(options) if (v := getattr(options, f.name)) != f.default}
    digest = blake2b(repr(sorted(given.items())).encode(), digest_size=16)
    for file, content in files:
        identity = (file.kind, file.uri, file.charset, file.captured_at, file.rows)
        digest.update(repr(identity).encode() + content)
    return digest.hexdigest()
