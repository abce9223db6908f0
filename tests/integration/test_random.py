"""Whatever happens, in whatever order: the rules are kept, every action is answered, and in the end every screen is right."""

from collections.abc import Callable, Iterator
from itertools import combinations
from random import Random
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
import pytest

from tests.examples import seeds

from .kit import DOOR, MINUTE, GlancesKit, alert, widget
from .random_steps import (
    ALARMING,
    BATTERY,
    HOUR,
    LOCK,
    PHONE,
    TABLET,
    TEMPERATURE,
    WINDOW,
    WORD,
    Answer,
    Follow,
    Home,
    Load,
    Reach,
    given,
    steps,
)
from .test_entities import state
from .test_hostile_actions import assert_nothing_unexpected

_FIELDS = ("title", "text", "subtext", "count", "percent")
_NO_STATE = (STATE_UNAVAILABLE, STATE_UNKNOWN)
_DASH = "\N{EN DASH}"
# What each field follows, and the text after it.
_SOURCES = {
    PHONE: {
        "title": (WORD, ""),
        "text": (DOOR, ""),
        "subtext": (TEMPERATURE, " °C"),
        "percent": (BATTERY, ""),
    },
    TABLET: {"title": (WORD, ""), "text": (TEMPERATURE, " °C")},
}
# Larger than any difference that is not worth an update, and smaller than any that is.
_TOLERANCE = {"text": 0.5, "subtext": 0.5, "percent": 2}


class Screen:
    """What a device should show, as far as that can be seen from outside."""

    def __init__(self, home: Home, device: str, *, keeps: bool) -> None:
        """Begin with what the entities say; `keeps` tells whether values outlive their entities."""
        self._home = home
        self._device = device
        self._keeps = keeps
        # What each field has ever said, and what it has said since an action.
        self._said: dict[str, set[str]] = {name: set() for name in _SOURCES[device]}
        self._since: dict[Answer, dict[str, list[str | None]]] = {}
        self.note()

    def note(self) -> None:
        """Take note of what the entities say now."""
        says = {name: self._says(name) for name in _SOURCES[self._device]}
        for name, value in says.items():
            self._said[name] |= set() if value is None else {value}
        for answer in self._home.answers:
            since = self._since.setdefault(answer, {name: [] for name in _FIELDS})
            for name, value in says.items():
                since[name].append(value)

    def possible(self, name: str) -> set[str]:
        """Return what a field may show, once everything has come to its end."""
        covered = _covered(self._home, name) if self._device == PHONE else {None}
        says = {value for value in covered if value is not None}
        return (says | self._uncovered(name)) if None in covered else says

    def _uncovered(self, name: str) -> set[str]:
        """Return what a field may show without alerts."""
        base = found = self._base(name)
        for answer in self._home.answers:
            if answer.statuses.get(self._device, "failed") == "failed":
                continue
            after = self._after(answer, name, base)
            found = found | after if answer.statuses[self._device] == "cancelled" else after or found
        return found

    def _says(self, name: str) -> str | None:
        """Return what a field shows by itself now, `None` where its entity has no state."""
        entity_id, unit = _SOURCES[self._device][name]
        found = state(self._home.kit, entity_id)
        return None if found in _NO_STATE else f"{found}{unit}"

    def _base(self, name: str) -> set[str]:
        """Return what a field may show without actions and alerts."""
        if name not in _SOURCES[self._device]:
            return {""}
        if (says := self._says(name)) is not None:
            return {says}
        # Entities are looked at only when an update may go, so any of these may be the last that was seen.
        return {"", *self._said[name]} if self._keeps else {"" if name == "percent" else _DASH}

    def _after(self, answer: Answer, name: str, base: set[str]) -> set[str]:
        """Return what an action may leave in a field in the end; nothing where it is not about that field."""
        if answer.act.action == "clear":
            return base if name in answer.act.data["fields"] else set()
        if (value := given(answer.act).get(name)) is None:
            return set()
        if "duration" in answer.act.data:
            return base
        first, *others = self._since[answer][name] or [""]
        if first is not None and all(other is None or _is_like(name, first, other) for other in others):
            return {str(value)}
        if first is not None and others[-1] is not None and not _is_like(name, first, others[-1]):
            return base
        # It depends on whether anybody looked while the entity said something else.
        return {str(value), *base}


def _covered(home: Home, name: str) -> set[str | None]:
    """Return what alerts may show in a field of the phone, `None` where none does."""
    active = [item for item in (LOCK, WINDOW) if state(home.kit, item) == ALARMING[item]]
    unsure = [item for item, is_certain in home.dismissed.items() if not is_certain]
    shown = [item for item in active if item not in home.dismissed]
    return {
        _shown_by(home, [*shown, *(item for item in active if item in also)], name)
        for number in range(len(unsure) + 1)
        for also in combinations(unsure, number)
    }


def _shown_by(home: Home, active: list[str], name: str) -> str | None:
    """Return what these alerts show in a field, `None` where none of them does; the lock may replace all of it."""
    says = {LOCK: {"title": "Lock", "text": "Unlocked"}, WINDOW: {"subtext": "Window", "count": str(len(active))}}
    if home.replaces and LOCK in active:
        return says[LOCK].get(name, "")
    return next((says[item][name] for item in active if name in says[item]), None)


def _is_like(name: str, one: str, two: str) -> bool:
    """Tell whether two values are the same, or numbers whose difference is not worth an update."""
    if one == two:
        return True
    try:
        return abs(float(one.split(maxsplit=1)[0]) - float(two.split(maxsplit=1)[0])) < _TOLERANCE[name]
    except IndexError, KeyError, ValueError:
        return False


def _widgets(limits: tuple[int, int], *, keeps: bool, replaces: bool) -> Iterator[Any]:
    for device, limit in zip((PHONE, TABLET), limits, strict=True):
        fields = {
            name: f"{{{{ states('{entity_id}') }}}}{unit}" for name, (entity_id, unit) in _SOURCES[device].items()
        }
        settings: dict[str, Any] = {"urgent_entities": [DOOR]} if device == PHONE else {"quiet_from": "22:00:00"}
        settings |= {"unavailable": "keep"} if keeps else {}
        settings |= {"quiet_until": "06:30:00"} if device == TABLET else {}
        yield {**widget(device, **fields, **settings, daily_limit=limit), "subentry_id": device}
    lock: dict[str, Any] = {"title": "Lock", "text": "Unlocked", "replace": replaces, "widgets": [PHONE]}
    yield alert(LOCK, called="Lock", states=["unlocked"], **lock)
    window = {"subtext": "Window", "count": "{{ alerts }}", "urgent": False, "widgets": [PHONE]}
    yield alert(WINDOW, called="Window", states=["on"], lasts=300, **window)


@pytest.mark.parametrize("seed", seeds(60))
async def test_any_sequence(kit: GlancesKit, caplog: pytest.LogCaptureFixture, seed: int) -> None:
    """States, actions, pauses, faults of Pushover, reloads and time."""
    random = Random(seed)  # noqa: S311  # no secret
    kit.freezer.move_to(f"2026-11-23 {random.choice((12, 12, 21))}:00:00+00:00")
    limits, keeps = (random.choice((50, 50, 8, 0)), random.choice((50, 6))), random.choice((True, False))
    replaces = random.choice((True, False))
    home = await Home.begin(kit, *_widgets(limits, keeps=keeps, replaces=replaces))
    home.replaces = replaces
    screens = {device: Screen(home, device, keeps=keeps) for device in (PHONE, TABLET)}
    for step in steps(random, 30):
        await home.do(step)
        for screen in screens.values():
            screen.note()
    await _come_to_rest(home)
    home.check()
    await _check_screens(home, screens)
    assert_nothing_unexpected(caplog)


async def _come_to_rest(home: Home) -> None:
    """Let Pushover work again, let everything be followed, and let time pass until each widget has nothing to send."""
    await home.do(Reach(on=True))
    await home.advance(10)
    await home.do(Load(unload=False, load=True))
    for device in (PHONE, TABLET):
        await home.do(Follow(device, on=True))
    await home.advance(10)
    # Until what has no value shows none.
    await home.advance(35 * MINUTE)
    waiting = {PHONE, TABLET}
    for _ in range(60):
        await home.advance(10)
        waiting -= {device for device in waiting if state(home.kit, f"sensor.{device}_glance_status") == "up_to_date"}
        if not waiting:
            return
        await home.advance(HOUR / 2)
    raise AssertionError(waiting)


async def _check_screens(home: Home, screens: dict[str, Screen]) -> None:
    """See that each device shows what it should: at once but for small differences, and after some hours exactly."""

    def wrong(is_right: Callable[[str, str, str], bool]) -> list[tuple[str, str, str, set[str]]]:
        found = [
            (device, name, str(home.stored(device).get(name, "")), screen.possible(name))
            for device, screen in screens.items()
            for name in _FIELDS
        ]
        return [item for item in found if not any(is_right(*item[1:3], possible) for possible in item[3])]

    assert wrong(_is_like) == []
    for _ in range(30):
        if not wrong(lambda _, shown, item: shown == item):
            return
        await home.advance(HOUR)
    assert wrong(lambda _, shown, item: shown == item) == []
