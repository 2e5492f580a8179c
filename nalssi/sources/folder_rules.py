"""Decide by the names of files which files in a folder are not documents.

Such files are ignored: nalssi neither reads them nor counts them as skipped. The rules apply only
to files that nalssi finds in a folder or by a glob pattern. A file that the user names is always
opened.
"""

from __future__ import annotations

import re
from pathlib import Path

_ASSETS = {
    *(".css", ".js", ".mjs", ".cjs", ".map", ".wasm", ".woff", ".woff2", ".ttf", ".otf", ".eot"),
    *(".png", ".jpg", ".jpeg", ".jfif", ".gif", ".webp", ".avif", ".heic", ".svg", ".ico"),
    *(".bmp", ".tif", ".tiff", ".cur"),
}
_SYSTEM_FILES = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "iconcache.db", "ntuser.dat"}
_SYSTEM_FOLDERS = {"__macosx", "$recycle.bin", "system volume information", "@eadir"}
_UNFINISHED = {".lock", ".tmp", ".part", ".partial", ".crdownload", ".download", ".swp", ".bak"}
# These two rules hold in folders only: a pattern that matches such files asks for them.
_FOLDER_NOTES = re.compile(r"(readme|license|changelog|contributing|attribution)\b.*\.md", re.I)
_SCRIPTS = {".py", ".pyc", ".sh", ".bat", ".cmd", ".ps1"}
# Files in the folder that a browser saves beside a page. Only its pages are documents.
_PAGE_ASSETS = {".json", ".pdf", ".zip", ".csv", ".md", ".db", ".xml", ".mp3", ".mp4", ".webm"}
_PAGE_FOLDER = re.compile(r"(.+)(?:[_.]files|_파일)", re.I)
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".HTML", ".HTM")


def is_ignored_in_pattern(path: Path) -> bool:
    """Whether nalssi ignores a file that a glob pattern matches.

    It ignores images, scripts, styles and fonts; system files; unfinished downloads; and lock
    files.
    """
    name = path.name.lower()
    return (
        name in _SYSTEM_FILES
        or name.startswith("~$")
        or path.suffix.lower() in _ASSETS
        or path.suffix.lower() in _UNFINISHED
    )


def is_ignored_in_folder(path: Path) -> bool:
    """Whether nalssi ignores a file that it found in a folder.

    It ignores the files of `is_ignored_in_pattern`, programs, and Markdown files that describe the
    folder. In the folder that a browser saves beside a page, it also ignores JSON, XML, Markdown,
    PDF, CSV, zip and media files.
    """
    return (
        is_ignored_in_pattern(path)
        or path.suffix.lower() in _SCRIPTS
        or _FOLDER_NOTES.fullmatch(path.name) is not None
        or (is_in_page_folder(path) and path.suffix.lower() in _PAGE_ASSETS)
    )


def is_ignored_folder(name: str) -> bool:
    """Whether nalssi ignores a folder because it is hidden or belongs to the operating system."""
    return name.startswith(".") or name.lower() in _SYSTEM_FOLDERS


def is_in_page_folder(path: Path) -> bool:
    """Whether a file is in the folder that a browser saves beside a page (`page_files`)."""
    return any(
        (page := _PAGE_FOLDER.fullmatch(folder.name))
        and any(folder.with_name(page[1] + suffix).is_file() for suffix in _PAGE_SUFFIXES)
        for folder in path.parents
    )
