"""Quality: which readings are not good, and why. Readings themselves never change.

- `thresholds`: every number that a check compares with.
- `value_checks`, `consistency_check`, `spatial_check`, `step_check`, `stuck_station_check`,
  `frozen_feed_check`: the checks. Each returns a finding for each reading that did not pass.
- `flags`: QARTOD flags, and how the findings of several checks combine.
- `quality_table`: runs the checks and updates the table `quality`.
"""

from nalssi.quality.quality_table import update_quality

__all__ = ["update_quality"]
