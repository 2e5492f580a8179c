"""Official hourly observations: read KMA's files and store their values in `observations`.

`load_files` stores files, `asos` reads a table, `file_forms` knows the forms in which files arrive,
`header` finds the columns, `hour_text` reads the hour. See `docs/reconcile.md`.
"""

from nalssi.observations.asos_files import files_in
from nalssi.observations.load_files import ObservationReport, load_observations

__all__ = ["ObservationReport", "files_in", "load_observations"]
