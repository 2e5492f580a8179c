"""What Prefect's form shows of a flow: a description of every parameter, and the choices."""

from __future__ import annotations

from typing import Any

import pytest
from prefect import Flow
from prefect.utilities.callables import parameter_schema

from flows.capture import capture, hourly
from flows.reconciliation import observations, reconcile
from flows.weather import charts, gallery, ingest, weather
from nalssi.charts.chart_kinds import KINDS
from nalssi.charts.picture_formats import IMAGE_FORMATS

FLOWS = [weather, ingest, charts, gallery, capture, hourly, reconcile, observations]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_parameter_has_a_description(flow: Flow[Any, Any]) -> None:
    properties = parameter_schema(flow.fn).properties
    assert properties
    described = {name: str(schema.get("description", "")) for name, schema in properties.items()}
    assert {name for name, text in described.items() if not text.endswith(".")} == set()


@pytest.mark.parametrize("flow", [weather, hourly], ids=lambda flow: flow.name)
def test_the_choices_of_charts_are_offered(flow: Flow[Any, Any]) -> None:
    properties = parameter_schema(flow.fn).properties
    assert properties["formats"]["items"]["enum"] == list(IMAGE_FORMATS)
    assert properties["kinds"]["items"]["enum"] == list(KINDS)
