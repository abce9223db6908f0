"""Recorded homes: what a household and an office measured, as glances that a person could make of it."""

from collections.abc import Callable, Iterator, Mapping
import csv
from datetime import date, datetime, time, timedelta
from functools import cache
import gzip
from pathlib import Path

import numpy as np

from .homes import AIR, APPLIANCE, HUMIDITY, OCCUPANCY, POWER, TEMPERATURE, TEXT, Home, Value
from .traces import DAY, STEP, Trace, above

_DATA = Path(__file__).resolve().parent / "data"
# The day that is judged, and those before it to learn from.
_DAYS = 4
_MINUTES = 1440
# A circuit that takes more is in use; the refrigerator, which is never off, takes less.
_IN_USE = 300
# Daylight alone is below the second one in this office.
_LIT = (20, 350)

type _Columns = Mapping[str, Trace]

_ON = ("off", "on")
_USE = ("free", "occupied")


def _power(data: _Columns) -> tuple[Value, ...]:
    return (
        Value(POWER, "title", data["power"], label="House", unit="W"),
        Value(POWER, "text", data["heating"], label="Heating", unit="W"),
        Value(POWER, "subtext", data["laundry"], label="Laundry", unit="W"),
    )


def _appliances(data: _Columns) -> tuple[Value, ...]:
    return (
        Value(APPLIANCE, "title", above(data["kitchen"], _IN_USE), _ON, "Kitchen"),
        Value(TEXT, "text", above(data["laundry"], _IN_USE), _ON, "Laundry"),
        Value(TEXT, "text", above(data["heating"], _IN_USE), _ON, "Heating"),
        Value(POWER, "subtext", data["power"], unit="W"),
    )


def _air(data: _Columns) -> tuple[Value, ...]:
    return (
        Value(AIR, "title", data["co2"], label="CO2", unit="ppm"),
        Value(TEMPERATURE, "text", data["temperature"], unit="°C"),
        Value(HUMIDITY, "percent", data["humidity"]),
    )


def _office(data: _Columns) -> tuple[Value, ...]:
    return (
        Value(OCCUPANCY, "title", data["occupancy"], _USE, "Office"),
        Value(AIR, "text", data["co2"], unit="ppm"),
        Value(TEMPERATURE, "subtext", data["temperature"], unit="°C"),
        Value(HUMIDITY, "percent", data["humidity"]),
    )


def _room(data: _Columns) -> tuple[Value, ...]:
    light = np.searchsorted(_LIT, data["light"], side="right").astype(np.float64)
    return (
        Value(TEXT, "title", data["occupancy"], _USE, "Office"),
        Value(TEXT, "text", light, ("dark", "daylight", "light on"), "Office"),
        Value(TEMPERATURE, "subtext", data["temperature"], unit="°C"),
    )


RECORDED: dict[str, tuple[str, Callable[[_Columns], tuple[Value, ...]]]] = {
    "power": ("household", _power),
    "appliances": ("household", _appliances),
    "air": ("office", _air),
    "office": ("office", _office),
    "room": ("office", _room),
}


def recorded() -> Iterator[tuple[str, date]]:
    """Yield each home with each whole day that was recorded."""
    for name, (file, _) in RECORDED.items():
        first, whole, _ = _read(file)
        for day in whole:
            yield name, first + timedelta(days=day)


def build(name: str, day: date) -> Home:
    """Return a home with this day as its last, and up to three days before it to learn from."""
    file, values = RECORDED[name]
    first, _, columns = _read(file)
    end = (day - first).days + 1
    steps = slice(max(end - _DAYS, 0) * DAY, end * DAY)
    return Home(name, values({column: trace[steps] for column, trace in columns.items()}))


@cache
def _read(name: str) -> tuple[date, list[int], _Columns]:
    """Return the first day, which days are complete, and each column from the first midnight on.

    A value stands until the next one. Before the first one, it is that one.
    """
    with gzip.open(_DATA / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    times = [datetime.fromisoformat(row["time"]) for row in rows]
    midnight = datetime.combine(times[0], time())
    days = np.array([(at - midnight).days for at in times])
    begins = [(at - midnight) / timedelta(seconds=STEP) for at in times]
    row_at = np.searchsorted(begins, np.arange((days[-1] + 1) * DAY), side="right") - 1
    columns = {
        column: np.array([float(row[column]) for row in rows])[np.maximum(row_at, 0)]
        for column in rows[0]
        if column != "time"
    }
    return midnight.date(), np.flatnonzero(np.bincount(days) == _MINUTES).tolist(), columns
