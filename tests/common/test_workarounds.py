"""What commands change for the whole process: imports without collections or without a module."""

from __future__ import annotations

import gc
import importlib
import sys

import pytest

from nalssi.common.process.workarounds import import_without_collection, without_module


def test_objects_of_an_import_are_excluded_from_collections() -> None:
    frozen = gc.get_freeze_count()
    try:
        with import_without_collection():
            assert not gc.isenabled()
            objects = [[number] for number in range(1000)]
        assert gc.isenabled()
        assert gc.get_freeze_count() >= frozen + len(objects)
    finally:
        gc.unfreeze()


def test_a_failed_import_leaves_collection_on() -> None:
    try:
        with pytest.raises(ImportError), import_without_collection():
            importlib.import_module("nalssi.no_such_module")
        assert gc.isenabled()
    finally:
        gc.unfreeze()


def test_a_module_cannot_be_imported_in_the_block_and_can_be_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    with without_module("wave"), pytest.raises(ImportError):
        importlib.import_module("wave")
    assert importlib.import_module("wave")


def test_a_loaded_module_stays() -> None:
    with without_module("json"):
        assert importlib.import_module("json") is sys.modules["json"]
    assert sys.modules["json"] is not None
