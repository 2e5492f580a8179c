"""The gallery: a warehouse and its charts as a static site that opens from the file system.

`build` is what others need. `facts` asks the warehouse, `snapshots`, `days`, `places` and
`overview` say what is on which page, `words` in two languages, `plot` lays out the small charts
that pages draw themselves, `render` turns templates into HTML, `site` writes what changed.
"""

from nalssi.gallery.build import Gallery, build

__all__ = ["Gallery", "build"]
