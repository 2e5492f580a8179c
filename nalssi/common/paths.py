"""The paths of nalssi's sample pages and of its default warehouse.

nalssi runs from a checkout of the repository or from an installed wheel. Nothing else in the
package may depend on the checkout.
"""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = _PACKAGE.parent
"""The repository's top folder, if nalssi runs from a checkout; see `in_checkout`."""


def in_checkout() -> bool:
    """Whether nalssi runs from a checkout of the repository, not from an installed wheel."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "data" / "samples").is_dir()


SAMPLES = CHECKOUT / "data" / "samples" if in_checkout() else _PACKAGE / "samples"
"""Sample pages. The wheel has a copy of the checkout's `data/samples` inside the package."""


WAREHOUSE_IN_CHECKOUT = "data/warehouse"
"""The default warehouse folder of a checkout, relative to it. `.gitignore` names it too."""


def default_warehouse() -> Path:
    """Return the warehouse folder for commands without `--warehouse`.

    It is `NALSSI_WAREHOUSE` if that variable is set, else `WAREHOUSE_IN_CHECKOUT` in a checkout,
    else `warehouse` in nalssi's folder of the user's data directory (`~/.local/share/nalssi` on
    Linux).
    """
    if chosen := os.environ.get("NALSSI_WAREHOUSE"):
        return Path(chosen)
    if in_checkout():
        return CHECKOUT / WAREHOUSE_IN_CHECKOUT
    import platformdirs

    return platformdirs.user_data_path("nalssi", appauthor=False) / "warehouse"
