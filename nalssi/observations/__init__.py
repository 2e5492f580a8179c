"""Official hourly observations: read KMA's files and store their values in `observations`.

- `load_files`: loads files into the table.
- `fetch_hours`: fetches missing hours from KMA's API hub, which `api_hub` calls.
- `store_hours`: stores the hours of a source; a more reliable source takes precedence.
- `observation_report`: counts every row.
- `asos_files`: opens files: zip, gzip, HTML, text encodings.
- `asos_header`: finds the header and the columns of a table.
- `asos_table`: reads the rows of a table.
- `asos_hours`: parses the hour of a row.

`docs/reconcile.md` describes which files are read. `nalssi.timing` uses the observations.
"""

from nalssi.observations.asos_files import files_in
from nalssi.observations.load_files import load_observations
from nalssi.observations.observation_report import ObservationReport

__all__ = ["ObservationReport", "files_in", "load_observations"]
