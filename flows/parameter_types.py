"""Types of flow parameters with choices: Prefect's form offers them, its server refuses others."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from nalssi.charts.chart_kinds import KINDS
from nalssi.charts.picture_formats import IMAGE_FORMATS
from nalssi.sources import KINDS as SOURCE_KINDS
from nalssi.sources import Kind

KindParameter = Annotated[Kind, Field(json_schema_extra={"enum": list(SOURCE_KINDS)})]
"""A parameter with the format of all sources, such as `html`."""
FormatParameter = Annotated[str, Field(json_schema_extra={"enum": list(IMAGE_FORMATS)})]
"""A parameter with a file format of charts, such as `png`."""
ChartKindParameter = Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})]
"""A parameter with a kind of chart, such as `map`."""
