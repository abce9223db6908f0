"""Simulated homes: what is true in them over some days, and how a glance shows it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from . import traces
from .traces import DAY, STEP, Trace

__all__ = ["DAY", "HOMES", "OTHERS", "STEP", "Home", "Kind", "Value", "build"]

type Glance = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Kind:
    """How much it matters that a value is shown wrongly; policies never see any of it.

    A text is wrong or not; the error of a number begins at its tolerance, and is full at twice that.
    """

    name: str
    weight: float
    tolerance: float = 0.0
    urgent: bool = False


DOOR = Kind("door", 10, urgent=True)
TEXT = Kind("text", 3)
TEMPERATURE = Kind("temperature", 1, 0.5)
BATTERY = Kind("battery", 1, 2)
PROGRESS = Kind("progress", 1, 5)
POWER = Kind("power", 1, 250)
GRID = Kind("grid power", 0.5, 300)
# What a person would call another value.
PRICE = Kind("price", 1, 0.02)
PRESSURE = Kind("pressure", 1, 0.15)
AIR = Kind("CO2", 1, 50)
UV = Kind("UV index", 1, 0.4)
RAIN = Kind("rain", 1, 0.2)
CODE = Kind("code", 3)
EVENT = Kind("next event", 3)

_DECIMALS = {"°C": 1, "€/kWh": 2, "bar": 1, "UV": 1, "mm": 1}
_CONTACT = ("closed", "open")
_CODES = ("4821", "4862", "4870", "4815", "4833")
_EVENTS = ("Dentist in room 12", "Dentist in room 14", "Call 030 1234567", "Call 030 1234599", "Gate 100", "Gate 101")
_PERSON = ("home", "away", "at work")
_ROOMS = ("Bedroom", "Bathroom", "Kitchen", "Living room", "Hall", "Office")


@dataclass(frozen=True)
class Value:
    """One thing that a glance shows; a trace of numbers, or of indices into `words`."""

    kind: Kind
    field: str
    trace: Trace
    words: tuple[str, ...] = ()
    label: str = ""
    unit: str = ""

    @property
    def urgent(self) -> bool:
        """Tell whether its owner marked it as urgent."""
        return self.kind.urgent

    @cached_property
    def since(self) -> list[int]:
        """Return for each step since which step the value has been what it is."""
        begins = np.arange(len(self.trace))
        begins[1:][np.diff(self.trace) == 0] = 0
        return [int(step) for step in np.maximum.accumulate(begins)]

    def text(self, step: int) -> str:
        """Return what stands in the glance."""
        now = self.trace[step]
        shown = self.words[int(now)] if self.words else f"{now:.{_DECIMALS.get(self.unit, 0)}f}"
        return " ".join(part for part in (self.label, shown, self.unit) if part)


@dataclass(frozen=True)
class Home:
    """What a glance of this home should show at every step."""

    name: str
    values: tuple[Value, ...]

    @property
    def steps(self) -> int:
        """Return the length of the traces."""
        return len(self.values[0].trace)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Return the fields that the glance fills."""
        return tuple(dict.fromkeys([value.field for value in self.values]))

    @cached_property
    def changes(self) -> NDArray[np.intp]:
        """Return the steps at which the true glance changes."""
        changed = np.zeros(self.steps, dtype=np.bool_)
        for value in self.values:
            changed[1:] |= np.diff(value.trace) != 0
        return np.flatnonzero(changed)

    def glance(self, step: int) -> Glance:
        """Return the true glance, field by field."""
        glance: Glance = {}
        for value in self.values:
            if value.field in {"count", "percent"}:
                glance[value.field] = round(float(value.trace[step]))
            elif value.field in glance:
                glance[value.field] = f"{glance[value.field]} · {value.text(step)}"
            else:
                glance[value.field] = value.text(step)
        return glance


def _temperature(trace: Trace, field: str = "subtext") -> Value:
    return Value(TEMPERATURE, field, trace, unit="°C")


def _quiet(rng: Generator, days: int) -> tuple[Value, ...]:
    ben = traces.person(rng, days, int(rng.integers(7)))
    return (
        Value(TEXT, "title", np.minimum(ben, traces.AWAY), _PERSON, "Ben"),
        _temperature(traces.indoor(rng, days), "text"),
        Value(BATTERY, "percent", traces.phone_battery(rng, days)),
    )


def _family(rng: Generator, days: int) -> tuple[Value, ...]:
    weekday = int(rng.integers(7))
    ben, anna = traces.person(rng, days, weekday), traces.person(rng, days, weekday)
    return (
        Value(
            DOOR,
            "title",
            traces.door(rng, days, (ben, anna), times_a_day=7, median=2, left_open=0.08),
            _CONTACT,
            "Garage",
        ),
        Value(TEXT, "text", ben, _PERSON, "Ben"),
        Value(TEXT, "text", anna, _PERSON, "Anna"),
        _temperature(traces.indoor(rng, days)),
        Value(PROGRESS, "percent", traces.washing_machine(rng, days)),
    )


def _solar(rng: Generator, days: int) -> tuple[Value, ...]:
    sun, load = traces.sun(rng, days), traces.load(rng, days)
    battery, grid = traces.home_battery(sun - load)
    return (
        Value(DOOR, "title", traces.door(rng, days, (), times_a_day=8, median=1.5, left_open=0.05), _CONTACT, "Door"),
        Value(POWER, "text", sun, label="Sun", unit="W"),
        Value(GRID, "text", grid, label="Grid", unit="W"),
        _temperature(traces.rounded(traces.outdoor(rng, days), 1, 10)),
        Value(BATTERY, "percent", battery),
    )


def _busy(rng: Generator, days: int) -> tuple[Value, ...]:
    weekday = int(rng.integers(7))
    ben, anna = traces.person(rng, days, weekday), traces.person(rng, days, weekday)
    persons = (ben == traces.HOME) + 2.0 * (anna == traces.HOME)
    return (
        Value(DOOR, "title", traces.door(rng, days, (), times_a_day=60, median=0.8, left_open=0.02), _CONTACT, "Door"),
        Value(TEXT, "text", persons, ("Nobody home", "Ben home", "Anna home", "All home")),
        Value(TEXT, "text", traces.room(rng, days, len(_ROOMS)), _ROOMS),
        _temperature(traces.indoor(rng, days)),
        Value(POWER, "subtext", traces.load(rng, days), unit="W"),
    )


def _flapping(rng: Generator, days: int) -> tuple[Value, ...]:
    ben = traces.person(rng, days, int(rng.integers(7)))
    return (
        Value(DOOR, "title", traces.flapping(rng, days), _CONTACT, "Window"),
        Value(TEXT, "text", ben, _PERSON, "Ben"),
        _temperature(traces.indoor(rng, days)),
    )


def _noisy(rng: Generator, days: int) -> tuple[Value, ...]:
    load, sun = traces.load(rng, days), traces.sun(rng, days)
    load = traces.rounded(load + rng.normal(0, 40, len(load)), 0, 2)
    battery, grid = traces.home_battery(sun - load)
    outside = traces.outdoor(rng, days) + rng.normal(0, 0.12, len(load))
    return (
        _temperature(traces.rounded(outside, 1, 2), "text"),
        Value(POWER, "title", load, label="Load", unit="W"),
        Value(GRID, "subtext", grid, label="Grid", unit="W"),
        Value(BATTERY, "percent", battery),
    )


def _tariff(rng: Generator, days: int) -> tuple[Value, ...]:
    return (
        Value(PRICE, "title", traces.price(rng, days), unit="€/kWh"),
        Value(POWER, "text", traces.load(rng, days), label="Load", unit="W"),
        Value(BATTERY, "percent", traces.phone_battery(rng, days)),
    )


def _cellar(rng: Generator, days: int) -> tuple[Value, ...]:
    return (
        Value(PRESSURE, "title", traces.pressure(rng, days), label="Heating", unit="bar"),
        Value(AIR, "text", traces.carbon_dioxide(rng, days), label="Air", unit="ppm"),
        _temperature(traces.indoor(rng, days)),
    )


def _garden(rng: Generator, days: int) -> tuple[Value, ...]:
    return (
        Value(UV, "title", traces.uv_index(rng, days), unit="UV"),
        Value(RAIN, "text", traces.rain(rng, days), label="Rain", unit="mm"),
        _temperature(traces.rounded(traces.outdoor(rng, days), 1, 10)),
    )


def _guests(rng: Generator, days: int) -> tuple[Value, ...]:
    return (
        Value(CODE, "title", traces.changing(rng, days, len(_CODES), 5), _CODES, "Code"),
        Value(EVENT, "text", traces.changing(rng, days, len(_EVENTS), 9), _EVENTS),
        _temperature(traces.indoor(rng, days)),
    )


HOMES = {"quiet": _quiet, "family": _family, "solar": _solar, "busy": _busy, "flapping": _flapping, "noisy": _noisy}
# A pool of their own, with values that the others lack.
OTHERS = {"tariff": _tariff, "cellar": _cellar, "garden": _garden, "guests": _guests}
_ALL = {**HOMES, **OTHERS}


def build(name: str, seed: int, days: int) -> Home:
    """Return a home with its last day to be judged, and the days before to learn from."""
    rng = np.random.default_rng([seed, list(_ALL).index(name)])
    return Home(name, _ALL[name](rng, days))
