"""The tables of reference data: stations and their history, regions, and condition words.

The rows are the CSV files in `schemas/reference/`. The README there gives their sources.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.contract_model import Contract
from schemas.vocabulary import condition_codes, condition_groups, region_ids

LATITUDES = {"min_value": 32.0, "max_value": 39.0}  # South Korea, Marado to Goseong
LONGITUDES = {"min_value": 124.0, "max_value": 132.0}  # Baengnyeongdo to Dokdo
HIGHEST_M = 1950.0  # Hallasan, 1,947 m


class Stations(Contract):
    """An open station of KMA's ASOS network."""

    station_id: pl.Int16 = pa.Field(unique=True, ge=90, le=300, description="KMA's station number")
    name_ko: str = pa.Field(unique=True, description="name in Hangul, as tickers print it")
    name_en: str = pa.Field(unique=True, description="name in Latin letters")
    region_id: pl.Int8 = pa.Field(isin=region_ids(), description="the forecast region it lies in")
    province: str = pa.Field(description="province or metropolitan city")
    latitude: float = pa.Field(
        in_range=LATITUDES, description="latitude, WGS 84", metadata={"unit": "° N"}
    )
    longitude: float = pa.Field(
        in_range=LONGITUDES, description="longitude, WGS 84", metadata={"unit": "° E"}
    )
    elevation_m: float = pa.Field(
        ge=0, le=HIGHEST_M, description="height above sea level", metadata={"unit": "m"}
    )
    opened_on: pl.Date = pa.Field(description="first day of observation under this number")


class StationHistory(Contract):
    """A period in which a station kept its name and position. Closed stations are included."""

    station_id: pl.Int16 = pa.Field(ge=90, le=300, description="KMA's station number")
    name_ko: str = pa.Field(description="name in that period")
    valid_from: pl.Date = pa.Field(description="first day of the period")
    valid_to: pl.Date = pa.Field(
        nullable=True, description="first day after the period; null if it has not ended"
    )
    latitude: float = pa.Field(
        in_range=LATITUDES, description="latitude, WGS 84", metadata={"unit": "° N"}
    )
    longitude: float = pa.Field(
        in_range=LONGITUDES, description="longitude, WGS 84", metadata={"unit": "° E"}
    )
    elevation_m: float = pa.Field(
        ge=0, le=HIGHEST_M, description="height above sea level", metadata={"unit": "m"}
    )

    class Config:
        unique = ["station_id", "valid_from"]


class Regions(Contract):
    """One of KMA's forecast regions, numbered from north to south."""

    region_id: pl.Int8 = pa.Field(unique=True, ge=1, description="number, from north to south")
    name_ko: str = pa.Field(unique=True, description="name in Hangul")
    name_en: str = pa.Field(unique=True, description="name in Latin letters")


class Conditions(Contract):
    """A condition word that tickers print. Several words can have the same code."""

    word: str = pa.Field(unique=True, description="the word as printed")
    code: str = pa.Field(
        nullable=True,
        isin=condition_codes(),
        description="code of the condition; null for `-` (not observed)",
    )
    icon: str = pa.Field(nullable=True, str_matches=r"^[0-9]{2}$", description="KMA's icon number")
    meaning_en: str = pa.Field(description="meaning in English")
    group: str = pa.Field(
        isin=condition_groups(), description="kind of weather, for drawing and checks"
    )
    seen_in: str = pa.Field(description="where the word was found")


class Towns(Contract):
    """A city, county or district (시·군·구), for which the gallery's search finds a station.

    Only the gallery reads this table. It is not a table of the warehouse.
    """

    name_ko: str = pa.Field(str_matches=r"^[가-힣]+[시군구]$", description="name in Hangul")
    name_en: str = pa.Field(
        str_matches=r"^[A-Z][a-z]+-(si|gun|gu)$", description="name in Latin letters"
    )
    province: str = pa.Field(description="province or metropolitan city")
    latitude: float = pa.Field(
        in_range=LATITUDES, description="latitude of its middle, WGS 84", metadata={"unit": "° N"}
    )
    longitude: float = pa.Field(
        in_range=LONGITUDES, description="longitude of its middle, WGS 84", metadata={"unit": "° E"}
    )
    station_id: pl.Int16 = pa.Field(
        nullable=True,
        description="the open station in the town, by preference of its name; null if none",
    )

    class Config:
        unique = ["province", "name_ko"]


class Provinces(Contract):
    """A province or metropolitan city, with its other names, for the search of the gallery.

    Only the gallery reads this table. It is not a table of the warehouse.
    """

    province: str = pa.Field(unique=True, description="full name in Hangul, as in `stations`")
    short_ko: str = pa.Field(unique=True, description="short name in Hangul")
    name_en: str = pa.Field(unique=True, description="name in Latin letters")
    other_names: str = pa.Field(
        nullable=True, description="other names that people use, separated by semicolons"
    )
