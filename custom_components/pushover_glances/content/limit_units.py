"""The units of an alert's limits: each entity is compared in the unit that it had when the alert was saved."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from homeassistant.components.sensor.const import AMBIGUOUS_UNITS, UNIT_CONVERTERS
from homeassistant.const import ATTR_DEVICE_CLASS, ATTR_UNIT_OF_MEASUREMENT, CONF_ABOVE, CONF_BELOW
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.util.unit_conversion import BaseUnitConverter, TemperatureDeltaConverter

from ..const import CONF_UNITS
from .entity_facts import EntityFacts
from .entity_key import key_of
from .no_value import NO_STATE
from .watched import Watched

_SIGNS = {CONF_ABOVE: ">", CONF_BELOW: "<"}


@dataclass(frozen=True, slots=True)
class UnitChange:
    """An entity that reports another unit than when the limits of its alert were saved.

    `was` has the limits as they were saved, and `now` what they are in the new unit; it is `None` if Home Assistant
    cannot convert them.
    """

    entity_id: str
    was: str
    now: str | None
    unit: str


@dataclass(frozen=True, slots=True)
class FormLimits:
    """The limits of an alert as its form shows them, by setting, and the units to save with them, by entity key."""

    values: Mapping[str, float]
    units: Mapping[str, str]

    @property
    def unit(self) -> str:
        """Return the unit to show beside a limit: that of the entities, or each of theirs."""
        return " / ".join(dict.fromkeys(self.units.values()))


@callback
def unit_of(attributes: Mapping[str, Any]) -> str | None:
    """Return the unit of an entity; Home Assistant has two characters for "micro"."""
    unit = attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return AMBIGUOUS_UNITS.get(unit, unit) if isinstance(unit, str) and unit else None


@callback
def in_unit(number: float, state: State, unit: str | None) -> float | None:
    """Return the number of a state in this unit, or as it is if that is `None`; `None` if it cannot be converted."""
    now = unit_of(state.attributes)
    return number if unit is None or unit == now else _converted(number, state.attributes, now, unit)


@callback
def unit_change(state: State, unit: str, limits: Mapping[str, float]) -> UnitChange | None:
    """Return how the limits have changed if an entity reports another unit than they were saved with."""
    if (now := unit_of(state.attributes)) == unit:
        return None
    converted = _limits_in(limits, state.attributes, unit, now)
    told = None if converted is None else limits_text(converted, now)
    return UnitChange(state.entity_id, limits_text(limits, unit), told, now or "-")


@callback
def limits_text(limits: Mapping[str, float], unit: str | None) -> str:
    """Return limits in words, such as "> -18 °C, < 5 °C"."""
    end = f" {unit}" if unit else ""
    return ", ".join(f"{_SIGNS[key]} {Decimal(f'{limit:.9g}'):f}{end}" for key, limit in limits.items())


@callback
def limits_of(data: Mapping[str, Any]) -> dict[str, float]:
    """Return the limits of an alert's data."""
    return {key: data[key] for key in (CONF_ABOVE, CONF_BELOW) if data.get(key) is not None}


@callback
def form_limits(hass: HomeAssistant, watched: Watched, data: Mapping[str, Any]) -> FormLimits:
    """Return the limits of an alert in the units of now.

    If the units of its entities have changed in different ways, no number is right for all of them: the limits, and the
    units of entities that can be converted, stay as they were saved.
    """
    limits, saved = limits_of(data), data.get(CONF_UNITS, {})
    sources = {key_of(hass, entity_id): watched.facts_of(hass, entity_id) for entity_id in watched.entity_ids(hass)}
    units = {key: unit for key, source in sources.items() if (unit := _current(source, saved.get(key)))}
    converted = {
        key: values
        for key in saved.keys() & units.keys()
        if (values := _limits_in(limits, sources[key].attributes, saved[key], units[key])) is not None
    }
    found = _distinct([converted.get(key, limits) for key in saved.keys() & sources.keys()])
    if len(found) > 1:
        return FormLimits(limits, {**units, **{key: saved[key] for key in converted}})
    return FormLimits(next(iter(found), limits), units)


def _current(source: EntityFacts, saved: str | None) -> str | None:
    """Return the unit of an entity, or the saved one while the entity is away and nothing knows its unit."""
    return unit_of(source.attributes) or (saved if source.state in NO_STATE else None)


def _distinct(found: Iterable[Mapping[str, float]]) -> list[Mapping[str, float]]:
    distinct: list[Mapping[str, float]] = []
    for limits in found:
        if limits not in distinct:
            distinct.append(limits)
    return distinct


def _limits_in(
    limits: Mapping[str, float], attributes: Mapping[str, Any], before: str, now: str | None
) -> dict[str, float] | None:
    """Return limits in another unit; `None` if they cannot be converted."""
    values = [_converted(limit, attributes, before, now) for limit in limits.values()]
    if any(value is None for value in values):
        return None
    return {key: value for key, value in zip(limits, values, strict=True) if value is not None}


def _converted(number: float, attributes: Mapping[str, Any], before: str | None, now: str | None) -> float | None:
    """Return a number in another unit, without the noise of the last digits; `None` if it cannot be converted.

    Some units run the other way, such as km/kWh and kWh/100km: what was above a limit would be below it.
    """
    if before == now:
        return number
    if (converter := _converter(attributes.get(ATTR_DEVICE_CLASS), {before, now})) is None:
        return None
    convert = converter.converter_factory(before, now)
    return None if convert(1) > convert(2) else float(f"{convert(number):.9g}")


def _converter(device_class: object, units: Collection[str | None]) -> type[BaseUnitConverter] | None:
    """Return Home Assistant's converter of a device class, or without one the only converter that knows the units."""
    known: set[type[BaseUnitConverter]]
    if isinstance(device_class, str):
        known = {UNIT_CONVERTERS[device_class]} if device_class in UNIT_CONVERTERS else set()
    else:
        # A difference of temperatures has a device class of its own.
        known = {*UNIT_CONVERTERS.values()} - {TemperatureDeltaConverter}
    found = [converter for converter in known if converter.VALID_UNITS.issuperset(units)]
    return found[0] if len(found) == 1 else None
