"""Keep compiled templates between builds, as Python keeps compiled modules.

Compiling the templates of a build takes 0.2 s. The compiled code is kept in `__pycache__` of this
package, beside that of Python's modules, which is executed without a check, too. It is used only if
the source of the template and the versions of Python and Jinja are still the same. If the folder
cannot be written, or if Python is set to write no compiled modules, templates are compiled in every
process.
"""

from __future__ import annotations

import marshal
import sys
from contextlib import suppress
from importlib.metadata import version
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Final

from jinja2.bccache import Bucket, BytecodeCache

from nalssi.common.atomic_files import atomic_write

FOLDER: Final = Path(__file__).parent / "__pycache__" / "templates"
UNREADABLE: Final = (OSError, EOFError, ValueError, TypeError)
"""The errors that reading a file of compiled code raises if the file is missing or damaged."""


class CompiledTemplates(BytecodeCache):
    """A cache of compiled templates for Jinja: a folder with a file for each template."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read the compiled code of a template, if a file was written for the same source."""
        head = _head(bucket)
        with suppress(*UNREADABLE):
            content = (self.folder / bucket.key).read_bytes()
            if content.startswith(head):
                bucket.code = marshal.loads(content[len(head) :])  # noqa: S302

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the compiled code of a template. Does nothing if the folder cannot be written."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with atomic_write(self.folder / bucket.key) as partial:
                partial.write_bytes(_head(bucket) + marshal.dumps(bucket.code))


def _head(bucket: Bucket) -> bytes:
    """Return the beginning of a file: the versions, and the digest of the template's source."""
    return MAGIC_NUMBER + f"jinja2 {version('jinja2')} {bucket.checksum}\n".encode()
