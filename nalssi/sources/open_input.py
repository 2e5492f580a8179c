"""Open the files and remote objects that sources name."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import BinaryIO, cast

from nalssi.sources import remote_objects

BUFFER_BYTES = 2**16
"""The number of bytes that are read of a remote object at a time."""


def open_input(path: str | Path, etag: str | None = None) -> BinaryIO:
    """Open a file, or a remote object as a stream of bounded memory, for reading and seeking.

    `etag` is the entity tag that the object must have (`SourceFile.etag`). Raises OSError:
    RemoteError if the object has another tag, or if a later read fails.
    """
    if not remote_objects.is_remote(str(path)):
        return Path(path).open("rb")
    found = remote_objects.find_object(str(path))
    if etag is not None and found.etag != etag:
        raise remote_objects.changed_error()
    return cast(BinaryIO, io.BufferedReader(remote_objects.RemoteFile(found), BUFFER_BYTES))


def size_of(file: BinaryIO) -> int:
    """Return the size of an open file or object in bytes. The position does not change."""
    try:
        return os.fstat(file.fileno()).st_size
    except io.UnsupportedOperation:  # an object, or bytes in memory
        pass
    position = file.tell()
    size = file.seek(0, os.SEEK_END)
    file.seek(position)
    return size
