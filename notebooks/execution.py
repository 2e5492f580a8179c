"""Execute a notebook so that what is written back changes only where its results do.

The kernel is the Python that runs this, in the notebook's folder, with nothing of the user's own
settings. Of the outputs no timing, no version and no machine's path is kept.
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
COLOURS = 128
"""Of a picture kept in a notebook: a fourth of the bytes, and no difference that one would see."""


def execute(path: Path) -> Any:
    """The notebook with its outputs made anew. Raises CellExecutionError where a cell fails."""
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
        manager.kernel_spec.argv[0] = sys.executable  # whatever "python3" is in this user's Jupyter
        client.execute(env=_environment(home))
    return _cleaned(notebook)


def _environment(home: str) -> dict[str, str]:
    """What the kernel knows of its surroundings: no settings of the user's, no other warehouse."""
    unwanted = ("POLARS_", "NALSSI_", "PREFECT_", "JUPYTER_", "IPYTHON", "MPL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return kept | {"IPYTHONDIR": home, "MPLCONFIGDIR": home, "TZ": "UTC"}


def _cleaned(notebook: Any) -> Any:
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        for output in cell.get("outputs", ()):
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})
            if PICTURE in output.get("data", {}):
                output.data[PICTURE] = _small(output.data[PICTURE])
    return notebook


def _small(picture: str) -> str:
    """A PNG (base64) with few colours."""
    image = Image.open(io.BytesIO(base64.b64decode(picture)))
    file = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "png", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def write(notebook: Any, path: Path) -> bool:
    """Write the notebook if it differs from what the file holds; whether it did."""
    text = nbformat.writes(notebook) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def shown(notebook: Any) -> list[str]:
    """What the cells show, a text each, pictures aside: those may differ between machines."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            texts += [str(data[kind]) for kind in sorted(data) if kind != PICTURE]
            texts.append(output.get("text", ""))
    return [text for text in texts if text]
