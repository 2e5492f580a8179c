"""A plugin of pytest that empties the caches of our functions before each test.

Otherwise the lines of a cached function run only in the first test that calls it, and would count
as tested by that test alone.
"""

from __future__ import annotations

import functools
import sys

import pytest

_PACKAGES = ("nalssi", "schemas")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _PACKAGES:
            for value in list(vars(module).values()):
                if isinstance(value, functools._lru_cache_wrapper):
                    value.cache_clear()
