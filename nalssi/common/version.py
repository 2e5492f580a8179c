"""The version of nalssi, read from the metadata of the installed package.

`pyproject.toml` declares the version. This module does not repeat it.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("nalssi")
except PackageNotFoundError:  # the code runs from a folder that was never installed
    __version__ = "0+unknown"

USER_AGENT = f"nalssi/{__version__} (Korean weather tickers)"
"""The header `User-Agent` of nalssi's requests. `nalssi.capture` adds the operator's contact."""
