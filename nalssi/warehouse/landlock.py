"""Restrict the file access of a thread with Landlock, a feature of the Linux kernel.

The restrictions apply to the thread and to all threads that it starts later, and cannot be lifted.
Other threads of the process are not affected, so a user's SQL needs no process of its own. The
numbers are from `linux/landlock.h` and are the same on every processor architecture.
"""

from __future__ import annotations

import os
import struct
import sys
from functools import cache
from pathlib import Path
from typing import Any

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # system calls
_ASK_VERSION = 1
_RULE_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38

_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_REMOVE_DIR, _REMOVE_FILE = 1 << 4, 1 << 5
_MAKE_CHAR, _MAKE_DIR, _MAKE_REG, _MAKE_SOCK = 1 << 6, 1 << 7, 1 << 8, 1 << 9
_MAKE_FIFO, _MAKE_BLOCK, _MAKE_SYM = 1 << 10, 1 << 11, 1 << 12
_REFER, _IOCTL_DEV = 1 << 13, 1 << 15
_BIND_TCP, _CONNECT_TCP = 1 << 0, 1 << 1

_FIRST_VERSION = (
    _WRITE_FILE
    | (_REMOVE_DIR | _REMOVE_FILE)
    | (_MAKE_CHAR | _MAKE_DIR | _MAKE_REG | _MAKE_SOCK | _MAKE_FIFO | _MAKE_BLOCK | _MAKE_SYM)
)
_SINCE = {2: _REFER, 3: _TRUNCATE, 5: _IOCTL_DEV}
_TCP_SINCE = 4
_IN_FOLDER = _WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER


def available() -> bool:
    """Return whether this system has Landlock: Linux 5.13 or newer, with Landlock turned on."""
    return _version() > 0


def confine(folder: Path | None) -> None:
    """Allow this thread, and threads that it starts, to write only in `folder`; None: nowhere.

    Since Linux 6.7 they cannot use TCP either; before Linux 6.2 they can still truncate files.
    Files that are already open stay writable. Does nothing if Landlock is not `available`. Raises
    OSError if the kernel refuses.
    """
    version = _version()
    if version <= 0:
        return
    handled = _FIRST_VERSION
    for since, right in _SINCE.items():
        handled |= right if version >= since else 0
    if version >= _TCP_SINCE:
        attributes = struct.pack("=QQ", handled, _BIND_TCP | _CONNECT_TCP)
    else:
        attributes = struct.pack("=Q", handled)
    ruleset = _call("syscall", _CREATE_RULESET, attributes, len(attributes), 0)
    try:
        if folder and folder.is_dir():
            beneath = os.open(folder, os.O_RDONLY)
            try:
                rule = struct.pack("=Qi", _IN_FOLDER & handled, beneath)
                _call("syscall", _ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
            finally:
                os.close(beneath)
        _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _call("syscall", _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


@cache
def _version() -> int:
    """Return the version of Landlock in the kernel, or 0 if it has none."""
    if sys.platform != "linux":
        return 0
    try:
        return _call("syscall", _CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return 0


@cache
def _libc() -> Any:
    import ctypes  # takes milliseconds that a command without a query can save

    return ctypes.CDLL(None, use_errno=True)


def _call(function: str, *arguments: int | bytes | None) -> int:
    import ctypes

    passed = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    returned = int(getattr(_libc(), function)(*passed))
    if returned < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), "landlock")
    return returned
