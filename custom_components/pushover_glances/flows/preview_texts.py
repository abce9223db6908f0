"""The parts of a preview's Markdown table."""

from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import suppress

from homeassistant.const import PERCENTAGE
from homeassistant.core import HomeAssistant, callback

from ..content.rendering import RenderResult, SourceResult, existing, lacks_state, sources, text_without_number
from ..content.texts import async_text, field_name, plain
from ..pushover import NUMBER_FIELDS, TEXT_FIELDS, Field, Value, Values, clean, shorten

_LEFT_ALONE = "\N{EM DASH}"
_NO_VALUE = "\N{WARNING SIGN}"
_CUT = "\N{BLACK SCISSORS}"


async def async_number_hints(
    hass: HomeAssistant, infos: Mapping[Field, RenderResult], also: Collection[str] = ()
) -> dict[Field, str]:
    """Return what is wrong with the number fields, each as the end of what `shows` returns; empty if nothing is.

    `also` are more entities that the results depend on.
    """
    return {name: await _async_hint(hass, name, infos[name], also) if name in infos else "" for name in Field}


async def _async_hint(hass: HomeAssistant, name: Field, info: RenderResult, also: Collection[str]) -> str:
    if text_without_number(name, info) is not None and not lacks_state(hass, info, also):
        key = "number_missing"
    elif name is Field.PERCENT and _is_fraction(_raw(info)) and not _is_meant(info):
        key = "number_fraction_entity" if isinstance(info, SourceResult) else "number_fraction"
    else:
        return ""
    limits = {"low": str(NUMBER_FIELDS[name].low), "high": str(NUMBER_FIELDS[name].high)}
    return f" · **{await async_text(hass, key, field=field_name(hass, name), **limits)}**"


def _is_meant(info: RenderResult) -> bool:
    """Return whether a number is written by hand, or is a percentage by its unit."""
    if not isinstance(info, SourceResult):
        return False
    return not info.entities or any(number.unit == PERCENTAGE for number in info.origin.numbers.values())


def _is_fraction(raw: str | None) -> bool:
    """Return whether a result is a number between 0 and 1 without a unit, as other apps write a percentage."""
    with suppress(ValueError):
        return 0 < float((raw or "").replace(",", ".")) < 1
    return False


def shows(name: Field, infos: Mapping[Field, RenderResult], value: Value | None) -> str:
    """Return the value of a field, followed by the result of its source if the number was made of another text."""
    raw = _raw(infos.get(name))
    if value is None:
        return f"{_NO_VALUE} {plain(shorten(raw or ''))}" if name in infos else _LEFT_ALONE
    if raw and name not in TEXT_FIELDS and not _is(raw, value):
        return f"{plain(str(value))} ({plain(shorten(raw))})"
    return plain(str(value))


def _raw(info: RenderResult | None) -> str | None:
    """Return the result of a source; `None` if it fails or there is none."""
    return None if info is None or info.exception is not None else clean(info.result())


def _is(raw: str, value: Value) -> bool:
    try:
        return float(raw) == value
    except ValueError:
        return False


def length(name: Field, infos: Mapping[Field, RenderResult], glance: Values, face: Values) -> str:
    """Return the length of a text, followed by the length that is left if the limit or the time stamp cuts it."""
    if name not in face:
        return ""
    text, shown = str(glance.get(name, "")), str(face[name])
    raw = _raw(infos.get(name))
    whole = text if raw is None else raw
    is_cut = len(whole) > TEXT_FIELDS[name].limit or not shown.startswith(text)
    return f"{len(whole)} {_CUT} {len(shown)}" if is_cut else str(len(shown))


@callback
def entities(hass: HomeAssistant, others: Collection[str], infos: Collection[RenderResult]) -> str:
    """Return the names of these entities and of those of sources.

    An entity id follows a name that several of them have, and stands for an entity that does not exist, which is marked.
    """
    ids = sorted(sources(infos) | {*others})
    names = {state.entity_id: state.name for state in existing(hass, ids)}
    number = Counter(names.values())
    domains = sorted({domain for info in infos for domain in info.domains | info.domains_lifecycle})
    return (
        ", ".join([*(_entity(item, names, number) for item in ids), *(f"{item}\\.\\*" for item in domains)])
        or _LEFT_ALONE
    )


def _entity(entity_id: str, names: Mapping[str, str], number: Mapping[str, int]) -> str:
    if (name := names.get(entity_id)) is None:
        return f"{_NO_VALUE} {plain(entity_id)}"
    return plain(name) if number[name] == 1 else f"{plain(name)} ({plain(entity_id)})"
