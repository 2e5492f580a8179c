"""The examination of a warehouse and of its machine, as `nalssi doctor` prints it.

- `findings`: a finding, with its severity and what to do about it.
- `examine`: lists all checks, and runs them. Each check is a module.
- `flows.prefect_checks` examines Prefect's database and runs, because this package does not know
  Prefect.

Nothing here writes to the warehouse, and nothing waits for a run that writes.
"""

from nalssi.doctor.examine import examine
from nalssi.doctor.findings import Examination, Finding, Severity

__all__ = ["Examination", "Finding", "Severity", "examine"]
