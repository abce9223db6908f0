"""Homes: what is true in them over some days, and how a glance shows it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .traces import Trace

type Glance = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Kind:
    """How much it matters that a value is shown wrongly; policies never see any of it.

    A text is wrong or not; the error of a number begins at its tolerance, and is full at twice that. Its owner may have
    marked it as urgent.
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
HUMIDITY = Kind("humidity", 1, 3)
OCCUPANCY = Kind("occupancy", 10, urgent=True)
APPLIANCE = Kind("appliance", 10, urgent=True)

_DECIMALS = {"°C": 1, "€/kWh": 2, "bar": 1, "UV": 1, "mm": 1}


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
        """Tell whether its owner may have marked it as urgent."""
        return self.kind.urgent

    @cached_property
    def since(self) -> list[int]:
        """Return for each step since which step the value has been what it is."""
        begins = np.arange(len(self.trace))
        begins[1:][np.diff(self.trace) == 0] = 0
        return [int(step) for step in np.maximum.accumulate(begins)]

    def text(self, step: int) -> str:
        """Return what the glance contains."""
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

    @property
    def urgent(self) -> bool:
        """Tell whether anything in it may be marked as urgent."""
        return any(value.urgent for value in self.values)

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
