"""Quality: which readings are not good, and why. Readings themselves never change.

Every check is a function that returns a row for each reading that did not pass, and flags it as
QARTOD does; `verdict` combines them, `table` keeps the table `quality` up to date, and with it
`conclusions`, `thresholds` has every number with its source. The checks: frozen feeds (`frozen`),
closed stations, range, missing values, consistency (`values`), neighbours (`spatial`), time
(`series`).
"""

from nalssi.quality.quality_table import update_quality, update_snapshot_summary

__all__ = ["update_quality", "update_snapshot_summary"]
