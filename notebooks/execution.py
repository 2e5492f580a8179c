"""Execute the notebooks and write them, so that a file changes only if its results change.

The kernel is the current Python. It runs in the folder of the notebook and ignores the user's
settings. Timings, versions and paths of the machine are not written.
"""

from __future__ import annotations

import base64
import io
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient
from PIL import Image

FOLDER = Path(__file__).parent
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
PICTURE = "image/png"
PICTURE_COLORS = 128
"""Pictures in notebooks have so many colors: a fourth of the bytes without a visible difference."""


def execute(path: Path) -> Any:
    """Execute a notebook and return it. Raises CellExecutionError if a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    with TemporaryDirectory() as home:
        client = NotebookClient(
            notebook,
            timeout=1800,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": str(path.parent)}},
        )
        manager = client.create_kernel_manager()
        manager.transport, manager.ip = "ipc", str(Path(home, "kernel"))  # no open port
        manager.kernel_spec.argv[0] = sys.executable  # "python3" may be another one in Jupyter
        client.execute(env=_environment(home))
    return _without_machine_data(notebook)


def _environment(home: str) -> dict[str, str]:
    """Return the kernel's environment variables, without settings of the user or a warehouse."""
    unwanted = ("POLARS_", "NALSSI_", "PREFECT_", "JUPYTER_", "IPYTHON", "MPL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return kept | {"IPYTHONDIR": home, "MPLCONFIGDIR": home, "TZ": "UTC"}


def _without_machine_data(notebook: Any) -> Any:
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        for output in cell.get("outputs", ()):
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})
            if PICTURE in output.get("data", {}):
                output.data[PICTURE] = _reduce_colors(output.data[PICTURE])
    return notebook


def _reduce_colors(picture: str) -> str:
    """Reduce the colors of a PNG, given and returned as base64 text."""
    image = Image.open(io.BytesIO(base64.b64decode(picture)))
    file = io.BytesIO()
    image.quantize(PICTURE_COLORS, dither=Image.Dither.NONE).save(file, "png", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def write(notebook: Any, path: Path) -> bool:
    """Write the notebook if it differs from the file; return whether it did."""
    text = nbformat.writes(notebook) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def text_outputs(notebook: Any) -> list[str]:
    """Return the texts that the cells show. Pictures may differ between machines."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            texts += [str(data[kind]) for kind in sorted(data) if kind != PICTURE]
            texts.append(output.get("text", ""))
    return [text for text in texts if text]
