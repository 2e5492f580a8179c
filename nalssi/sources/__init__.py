"""Sources: files, folders, globs, URLs and standard input become documents.

`plan` finds the files that sources name and divides them into partitions. `read` yields the
documents of a partition in batches. Documents that cannot contain a ticker, because they print no
temperature unit, are counted but not passed on.

`formats` is the registry of source formats: begin there to add one. The modules beside it find
files, decide their format and plan partitions. The modules in `readers` turn a partition into
documents; only they decide the content of a staged part (`nalssi.part_version`).

The names below are imported when they are first used, so that `nalssi.sources.formats` can be
imported without a dataframe library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nalssi.sources.formats import KINDS, Kind
    from nalssi.sources.partition import Batch, Options, Partition, Plan, SourceFile
    from nalssi.sources.planning import plan
    from nalssi.sources.problems import Problem, Skipped
    from nalssi.sources.readers.read_partition import read

_MODULES = {
    "KINDS": "formats",
    "Kind": "formats",
    "Batch": "partition",
    "Options": "partition",
    "Partition": "partition",
    "Plan": "partition",
    "SourceFile": "partition",
    "plan": "planning",
    "Problem": "problems",
    "Skipped": "problems",
    "read": "readers.read_partition",
}

__all__ = [
    "KINDS",
    "Batch",
    "Kind",
    "Options",
    "Partition",
    "Plan",
    "Problem",
    "Skipped",
    "SourceFile",
    "plan",
    "read",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'nalssi.sources' has no attribute {name!r}")
    return getattr(import_module(f"nalssi.sources.{_MODULES[name]}"), name)
