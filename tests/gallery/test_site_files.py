"""The list of a site's files, after a build was killed while it added a line."""

from __future__ import annotations

from pathlib import Path

from nalssi.gallery.site_files import LIST_FILE, SiteFolder, content_file

PAGES = [content_file("index.html", b"1"), content_file("assets/site.css", b"2")]


def test_a_line_that_was_cut_by_a_kill_names_no_file(tmp_path: Path) -> None:
    SiteFolder(tmp_path).write(PAGES)
    for cut in ("- assets", "-", "- index.ht"):  # a folder of the site, and a page that is none
        with (tmp_path / LIST_FILE).open("a") as listed:
            listed.write(cut)
        more = content_file(f"more-{len(cut)}.html", b"3")
        done = SiteFolder(tmp_path).write([*PAGES, more])
        assert done.files == 3
        names = {path.name for path in tmp_path.rglob("*") if path.is_file()}
        assert names == {"index.html", "site.css", more.path, LIST_FILE}
