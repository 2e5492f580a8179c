"""Find Chromium for the browser tests.

Chromium is searched on the path. If there is none, Debian's package is installed, which needs root
and apt-get. If that is impossible, the tests fail with a message that says what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _install_chromium() -> str:
    """Install Chromium. Return why this failed, or an empty text."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return "installing it takes root and apt-get"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"`{' '.join(command)}` failed: {done.stderr.strip()[-300:]}"
    return ""


def find_or_install() -> tuple[str, str]:
    """Return the path of Chromium, or an empty path and the reason."""
    if found := _find_chromium():
        return found, ""
    reason = _install_chromium()
    if found := _find_chromium():
        return found, ""
    return "", (
        f"the browser tests need Chromium, and none of {', '.join(NAMES)} is on the path"
        f" ({reason or 'the package brought none'}): install it, such as with"
        " `apt-get install chromium`"
    )
