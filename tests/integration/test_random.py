"""Whatever happens, in whatever order: the rules are kept, every action is answered, and in the end every screen is right."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from random import Random
from typing import Any

from homeassistant.const import STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
import pytest

from tests.examples import seeds

from .kit import DOOR, MINUTE, GlancesKit, alert, widget
from .random_pages import EVENING_PAGE, GUESTS_PAGE, Pages, pages, while_on
from .random_quiet import QUIET, Quiet
from .random_steps import (
    ALARMING,
    BATTERY,
    BED,
    HEATING,
    HOUR,
    LOCK,
    PHONE,
    TABLET,
    TEMPERATURE,
    VISITORS,
    WINDOW,
    WORD,
    Answer,
    Change,
    Follow,
    Home,
    Load,
    Pass,
    Reach,
    Step,
    given,
    steps,
)
from .test_entities import state
from .test_entity_sources import entity
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
# The same for pages, in the fields that they replace.
_PAGES: dict[str, dict[str, tuple[str, str]]] = {
    "": {},
    EVENING_PAGE: {"text": (WORD, ""), "subtext": (VISITORS, "")},
    GUESTS_PAGE: {"title": (VISITORS, ""), "count": (VISITORS, ""), "text": (TEMPERATURE, " °C")},
}
# Larger than any difference that is not worth an update, and smaller than any that is.
_TOLERANCE = {"text": 0.5, "subtext": 0.5, "percent": 2}


class Screen:
    """What a device should show, as far as that can be seen from outside."""

    def __init__(self, home: Home, pages: Pages, device: str, settings: Settings) -> None:
        """Begin with what the entities say."""
        self._home = home
        self._shown = pages.shown
        self._device = device
        self._settings = settings
        # What each source has ever said, and for each action the pages and what each field has said since then.
        self._said: dict[tuple[str, str], set[str]] = {}
        self._pages: dict[Answer, list[str]] = {}
        self._since: dict[Answer, dict[str, list[str | None]]] = {}
        self.note()

    @property
    def _page(self) -> str:
        return self._shown[self._device]

    def _fields_of(self, page: str) -> dict[str, tuple[str, str]]:
        """Return what a page fills, which is nothing where it only empties a field."""
        replaces = page == GUESTS_PAGE and self._settings.page_replaces
        return (dict.fromkeys(_SOURCES[self._device], ("", "")) if replaces else {}) | _PAGES[page]

    @property
    def _sources(self) -> dict[str, tuple[str, str]]:
        """Return what each field follows."""
        return _SOURCES[self._device] | self._fields_of(self._page)

    def note(self) -> None:
        """Take note of what the entities say now, and of the page."""
        sources = self._sources
        for name, (entity_id, _) in sources.items():
            if (value := self._says(name)) is not None:
                self._said.setdefault((name, entity_id), set()).add(value)
        for answer in self._home.answers:
            since = self._since.setdefault(answer, {name: [] for name in _FIELDS})
            self._pages.setdefault(answer, []).append(self._page)
            for name in sources:
                since[name].append(self._says(name))

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
        entity_id, unit = self._sources[name]
        found = self._home.state(entity_id) if entity_id else ""
        return None if found in _NO_STATE else f"{found}{unit}"

    def _base(self, name: str) -> set[str]:
        """Return what a field may show without actions and alerts."""
        sources = self._sources
        if name not in sources:
            return {""}
        if (says := self._says(name)) is not None:
            return {says}
        # Entities are looked at only when an update may go, so any of these may be the last that was seen.
        said = self._said.get((name, sources[name][0]), set())
        return {"", *said} if self._settings.keeps else {"" if name in ("count", "percent") else _DASH}

    def _after(self, answer: Answer, name: str, base: set[str]) -> set[str]:
        """Return what an action may leave in a field in the end; nothing where it is not about that field."""
        if answer.act.action == "clear":
            return base if name in answer.act.data["fields"] else set()
        if (value := given(answer.act).get(name)) is None:
            return set()
        if "duration" in answer.act.data or self._has_another_page(answer, name):
            return base
        first, *others = self._since[answer][name] or [""]
        if first is not None and all(other is None or _is_like(name, first, other) for other in others):
            return {str(value)}
        if first is not None and others[-1] is not None and not _is_like(name, first, others[-1]):
            return base
        # It depends on whether anybody looked while the entity said something else.
        return {str(value), *base}

    def _has_another_page(self, answer: Answer, name: str) -> bool:
        """Return whether another page has filled a field, or no longer does, since an action."""
        changes = (pair for pair in pairwise(self._pages[answer]) if pair[0] != pair[1])
        return any(name in self._fields_of(page) for pair in changes for page in pair)


def _covered(home: Home, name: str) -> set[str | None]:
    """Return what alerts may show in a field of the phone, `None` where none does."""
    alarming = [item for item in (LOCK, WINDOW) if home.state(item) == ALARMING[item]]
    active = [item for item in alarming if item == LOCK or home.state(HEATING) == STATE_ON]
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


def _is_same(_name: str, one: str, two: str) -> bool:
    return one == two


def _is_like(name: str, one: str, two: str) -> bool:
    """Tell whether two values are the same, or numbers whose difference is not worth an update."""
    if one == two:
        return True
    try:
        return abs(float(one.split(maxsplit=1)[0]) - float(two.split(maxsplit=1)[0])) < _TOLERANCE[name]
    except IndexError, KeyError, ValueError:
        return False


def _source(entity_id: str, unit: str) -> Any:
    """Return the source of a field as it is stored: a template where it adds a unit."""
    return f"{{{{ states('{entity_id}') }}}}{unit}" if entity_id in (DOOR, TEMPERATURE) else entity(entity_id)


def _fields(sources: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    return {name: _source(*source) for name, source in sources.items()}


@dataclass(frozen=True)
class Settings:
    """Settings of the widgets, of the alert of the lock, and of the page for guests."""

    limits: tuple[int, int]
    keeps: bool
    lock_replaces: bool
    page_replaces: bool

    @classmethod
    def any(cls, random: Random) -> Settings:
        """Choose them."""
        limits = random.choice((50, 50, 8, 0)), random.choice((50, 6))
        return cls(limits, *random.choices((True, False), k=3))

    def items(self) -> Iterator[Any]:
        """Yield the widgets, the alerts and the pages."""
        both: dict[str, Any] = {"unavailable": "keep"} if self.keeps else {}
        own: dict[str, dict[str, Any]] = {PHONE: {"urgent_entities": [DOOR]}, TABLET: QUIET}
        for device, limit in zip(own, self.limits, strict=True):
            data = {**_stored(_SOURCES[device]), **both, **own[device], "daily_limit": limit}
            yield {**widget(device, **data), "subentry_id": device}
        lock: dict[str, Any] = {"title": "Lock", "text": "Unlocked", "replace": self.lock_replaces}
        yield alert(LOCK, called="Lock", states=["unlocked"], widgets=[PHONE], **lock)
        window = {"subtext": "Window", "count": "{{ alerts }}", "urgent": False, "conditions": while_on(HEATING)}
        yield alert(WINDOW, called="Window", states=["on"], lasts=300, widgets=[PHONE], **window)
        yield from pages({name: _stored(sources) for name, sources in _PAGES.items()}, replaces=self.page_replaces)


def _stored(sources: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Return sources of fields as they are stored: templates where an entity would be shown as people read it."""
    return {
        name: f"{{{{ states('{entity_id}') }}}}{unit}" if entity_id in (DOOR, TEMPERATURE) else entity(entity_id)
        for name, (entity_id, unit) in sources.items()
    }


@pytest.mark.parametrize("seed", seeds(60))
async def test_any_sequence(kit: GlancesKit, caplog: pytest.LogCaptureFixture, seed: int) -> None:
    """States, actions, pages, pauses, renames, faults of Pushover, reloads and time."""
    random = Random(seed)  # noqa: S311  # no secret
    kit.freezer.move_to(f"2026-11-23 {random.choice((12, 12, 21))}:00:00+00:00")
    run = await Run.begin(kit, Settings.any(random))
    await run.do(*steps(random, 30))
    await run.come_to_rest()
    run.home.check()
    await run.check_screens()
    assert_nothing_unexpected(caplog)


@dataclass
class Run:
    """A home, and what is known of it from outside."""

    home: Home
    pages: Pages
    quiet: Quiet
    screens: Mapping[str, Screen]

    @classmethod
    async def begin(cls, kit: GlancesKit, settings: Settings) -> Run:
        """Set up an account."""
        home = await Home.begin(kit, *settings.items())
        home.replaces = settings.lock_replaces
        shown = Pages(home)
        screens = {device: Screen(home, shown, device, settings) for device in (PHONE, TABLET)}
        return cls(home, shown, Quiet(home), screens)

    async def do(self, *steps: Step) -> None:
        """Let something happen, and take note of it."""
        for step in steps:
            await self.home.do(step)
            self.quiet.note(step)
            self.pages.note(step)
            for screen in self.screens.values():
                screen.note()

    async def come_to_rest(self) -> None:
        """Let Pushover work again, let everything be followed, and let time pass until what has no value shows none."""
        await self.do(Reach(on=True), Pass(10), Load(unload=False, load=True), Change(BED, "off"))
        await self.do(Follow(PHONE, on=True), Follow(TABLET, on=True), Pass(10), Pass(35 * MINUTE))

    async def check_screens(self) -> None:
        """See that each device shows what it should: at once but for small differences, and after some hours exactly."""
        waiting = {*self.screens}
        for _ in range(60):
            # What has just begun does not show in the status yet.
            await self.do(Pass(10))
            for device in [*waiting]:
                if state(self.home.kit, f"sensor.{device}_glance_status") == "up_to_date":
                    assert self._wrong(device, _is_like) == []
                    waiting.remove(device)
            if not waiting:
                break
            await self.do(Pass(HOUR // 2))
        assert not waiting
        waiting = {*self.screens}
        for _ in range(30):
            waiting = {device for device in waiting if self._wrong(device, _is_same)}
            if not waiting:
                return
            await self.do(Pass(HOUR))
        assert not waiting, [self._wrong(device, _is_same) for device in waiting]

    def _wrong(self, device: str, is_right: Callable[[str, str, str], bool]) -> list[tuple[str, str, set[str]]]:
        """Return the fields of a device that are not right, with what they show, and what they should."""
        stored, screen = self.home.stored(device), self.screens[device]
        found = [(name, str(stored.get(name, "")), screen.possible(name)) for name in _FIELDS]
        return [item for item in found if not any(is_right(*item[:2], possible) for possible in item[2])]
