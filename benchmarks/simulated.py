"""Simulated homes, made by chance from a seed."""

import numpy as np
from numpy.random import Generator

from . import moments, traces
from .homes import (
    AIR,
    APPLIANCE,
    BATTERY,
    CODE,
    DOOR,
    EVENT,
    GRID,
    HUMIDITY,
    POWER,
    PRESSURE,
    PRICE,
    PROGRESS,
    RAIN,
    TEMPERATURE,
    TEXT,
    UV,
    Home,
    Value,
)
from .traces import Trace

_CONTACT = ("closed", "open")
_CODES = ("4821", "4862", "4870", "4815", "4833")
_EVENTS = ("Dentist in room 12", "Dentist in room 14", "Call 030 1234567", "Call 030 1234599", "Gate 100", "Gate 101")
_PERSON = ("home", "away", "at work")
_USE = ("free", "occupied")
_ON = ("off", "on")
_APPOINTMENTS = ("Team meeting", "Call with Anna", "Lunch", "Review", "Dentist", "Training")
_ROOMS = ("Bedroom", "Bathroom", "Kitchen", "Living room", "Hall", "Office")


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


def _bathroom(rng: Generator, days: int) -> tuple[Value, ...]:
    visits, humidity = moments.bathroom(rng, days)
    return (
        Value(TEXT, "title", visits, _USE, "Bathroom"),
        _temperature(traces.indoor(rng, days)),
        Value(HUMIDITY, "percent", humidity),
    )


def _kitchen(rng: Generator, days: int) -> tuple[Value, ...]:
    cooking, (phase, washing) = moments.cooking(rng, days), moments.washing(rng, days)
    power = traces.rounded(traces.load(rng, days) + cooking + washing, 0, 2)
    return (
        Value(APPLIANCE, "title", traces.above(cooking, 300), _ON, "Stove"),
        Value(TEXT, "text", phase, moments.PHASES, "Washing machine"),
        Value(POWER, "subtext", power, unit="W"),
    )


def _entrance(rng: Generator, days: int) -> tuple[Value, ...]:
    ben = traces.person(rng, days, int(rng.integers(7)))
    door = np.maximum(
        traces.door(rng, days, (), times_a_day=7, median=20 / 60, left_open=0),
        traces.door(rng, days, (), times_a_day=3, median=10 / 60, left_open=0),
    )
    return (
        Value(DOOR, "title", door, _CONTACT, "Front door"),
        Value(TEXT, "text", ben, _PERSON, "Ben"),
        _temperature(traces.indoor(rng, days)),
    )


def _desk(rng: Generator, days: int) -> tuple[Value, ...]:
    return (
        Value(EVENT, "title", moments.appointments(rng, days, len(_APPOINTMENTS)), _APPOINTMENTS),
        Value(AIR, "text", traces.carbon_dioxide(rng, days), unit="ppm"),
        Value(PRICE, "subtext", traces.price(rng, days), unit="€/kWh"),
    )


HOMES = {"quiet": _quiet, "family": _family, "solar": _solar, "busy": _busy, "flapping": _flapping, "noisy": _noisy}
# A pool of their own, with values and states of moments that the others lack.
OTHERS = {
    "tariff": _tariff,
    "cellar": _cellar,
    "garden": _garden,
    "guests": _guests,
    "bathroom": _bathroom,
    "kitchen": _kitchen,
    "entrance": _entrance,
    "desk": _desk,
}
# New ones go to the end: the place is a part of the seed.
_ALL = {**HOMES, **OTHERS}


def build(name: str, seed: int, days: int) -> Home:
    """Return a home with its last day to be judged, and the days before to learn from."""
    rng = np.random.default_rng([seed, list(_ALL).index(name)])
    return Home(name, _ALL[name](rng, days))
