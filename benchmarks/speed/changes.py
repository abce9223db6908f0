"""What a state change adds to the time of the event loop, beside listeners, template tracking and automations.

Every figure is processor time of the loop's thread: a change, all that follows from it, less the same without anybody
who listens, in the same round; the median of the rounds, for each widget (listener, automation).
"""

from collections import Counter
from dataclasses import dataclass, field
import time

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback
from homeassistant.helpers.event import TrackTemplate, async_track_state_change_event, async_track_template_result
from homeassistant.helpers.template import Template

from ..findings import Findings
from .home import SETTLED, SLOT, Home, Widget, home
from .measure import Effort, Sample
from .verdict import (
    ATTRIBUTES,
    DECIDING,
    FIRST,
    FIRST_FLOOR,
    FLOOR,
    LATER,
    LATER_TEXT,
    OPEN,
    QUIETLY,
    RATES,
    RUNNING,
    SENDING,
    SOON,
    THEN,
    TRACKED,
    TRIGGERED,
    URGENT,
    findings,
)

NOBODY = "sensor.nobody"
_FLOOR = "sensor.floor"
_TEMPLATES = "sensor.templates"
_OPEN = "sensor.open"
_DECIDING = "sensor.deciding"
_CLOSED = "sensor.closed"
_TEXT = "binary_sensor.text"
_URGENT = "binary_sensor.urgent"
_LOGGING = "sensor.logging"
_SILENT = "sensor.silent"
_SENDER = "sensor.sender"

_NEVER = 100 * 86400
_FIELDS = (1, 5)
_MANY = 200
# The delay of an automation is over by then.
_DELAY = 21 * 60.0
# An urgent change has been sent by then, a minute after the last one or three.
_WAITED = 5 * 60.0
# Repeats within a round of what cannot be repeated at once.
_TURNS = 3
_SOON = 10
# So often changes come together for a figure that does not depend on how long they go on.
_GROUPS = 5


def templates(entity_id: str, number: int) -> Widget:
    """Return so many fields that follow an entity whose state is a number."""
    fields = {
        "text": f"{{{{ states('{entity_id}') }}}}",
        "title": f"{{{{ state_attr('{entity_id}', 'friendly_name') }}}}",
        "subtext": f"{{{{ states('{entity_id}') | float | round(1) }}}} °C",
        "count": f"{{{{ states('{entity_id}') | float | round }}}}",
        "percent": f"{{{{ states('{entity_id}') }}}}",
    }
    return dict(list(fields.items())[:number])


@dataclass
class _Bench:
    """One Home Assistant with so many widgets of so many fields for each situation."""

    home: Home
    widgets: int
    fields: int
    samples: dict[str, list[float]] = field(default_factory=dict)
    base: dict[str, float] = field(default_factory=lambda: dict.fromkeys((_OPEN, _DECIDING, _CLOSED, _SENDER), 20.0))
    count: Counter[str] = field(default_factory=Counter)
    accounts: dict[str, ConfigEntry] = field(default_factory=dict)

    async def prepare(self) -> None:
        """Set up everything that is compared."""
        hass = self.home.hass
        for entity_id in (NOBODY, _FLOOR, _TEMPLATES, _OPEN, _DECIDING, _CLOSED, _LOGGING, _SILENT, _SENDER):
            self._set(entity_id, 20.0)
        for entity_id in (_TEXT, _URGENT):
            self.home.state(entity_id, "off", friendly_name="Door")
        slots: dict[str, Widget] = {
            _OPEN: {},
            _DECIDING: {"text": f"{{{{ 'warm' if states('{_DECIDING}') | float > 30 else 'cool' }}}}"},
            _CLOSED: {"min_interval": _NEVER},
            _TEXT: {"min_interval": _NEVER},
            _URGENT: {"min_interval": _NEVER, "urgent_entities": [_URGENT]},
        }
        for user, (entity_id, settings) in enumerate(slots.items(), 1):
            fields = templates(entity_id, self.fields)
            if entity_id in (_TEXT, _URGENT):
                fields = dict.fromkeys(list(fields)[: min(self.fields, 3)], f"{{{{ states('{entity_id}') }}}}")
            self.accounts[entity_id] = await self.home.account(user, [fields | settings] * self.widgets)
        for _ in range(self.widgets):
            async_track_state_change_event(hass, [_FLOOR], callback(lambda _event: None))
            tracked = templates(_TEMPLATES, self.fields).values()
            async_track_template_result(
                hass, [TrackTemplate(Template(text, hass), None) for text in tracked], callback(lambda *_: None)
            ).async_refresh()
        await self.home.automations(_LOGGING, self.widgets)
        await self.home.automations(_SILENT, self.widgets, max_exceeded="silent")
        await self.home.automations(_SENDER, self.widgets)
        await self.home.load_automations()
        await self.home.rest(_DELAY)

    async def round(self) -> None:
        """Measure everything once."""
        await self._bulk()
        await self._first()
        await self._rates()
        await self._urgent()
        await self._sending()

    def add(self, row: str, used: float, without: float, changes: int = 1) -> None:
        """Note a figure, in µs for each change and widget."""
        each = 1e6 / changes / self.widgets
        self.samples.setdefault(row, []).append((used - without) * each)

    def _set(self, entity_id: str, value: float) -> None:
        self.home.state(entity_id, value, friendly_name="Kitchen", unit_of_measurement="°C")

    def _value(self, entity_id: str) -> float:
        """Return the next value: another one than before, but not so that it matters."""
        self.count[entity_id] += 1
        return self.base.get(entity_id, 20.0) + self.count[entity_id] % 4 / 10

    def _toggle(self, entity_id: str) -> None:
        """Let the next values of an entity be far from those before."""
        self.base[entity_id] = 60.0 - self.base[entity_id]

    async def _bulk(self) -> None:
        """Change one after the other, for what leaves nothing to do behind."""
        rows = {LATER: _CLOSED, FLOOR: _FLOOR}
        self._set(_CLOSED, self._value(_CLOSED))
        await self.home.rest()
        without = await self._changes(NOBODY, _MANY, turns=False)
        for row, entity_id in rows.items():
            self.add(row, await self._changes(entity_id, _MANY, turns=False), without, _MANY)
        self._switch(_TEXT)
        await self.home.rest()
        without = await self._switched("binary_sensor.nobody", _MANY)
        self.add(LATER_TEXT, await self._switched(_TEXT, _MANY), without, _MANY)
        for number in range(2):
            without = await self._attributes("binary_sensor.nobody", number)
            self.add(ATTRIBUTES, await self._attributes(_URGENT, number), without, _MANY)

    async def _attributes(self, entity_id: str, number: int) -> float:
        state = self.home.hass.states.get(entity_id)
        word = "off" if state is None else state.state
        self.home.state(entity_id, word, n=f"before {number}")
        await self.home.rest()
        begin = time.thread_time()
        for item in range(_MANY):
            self.home.state(entity_id, word, n=f"{number} {item}")
        await self.home.turns()
        return time.thread_time() - begin

    async def _changes(self, entity_id: str, number: int, *, turns: bool = True, move: float = 0) -> float:
        """Change a state so many times, let time pass, and return what that took of this thread, in s."""
        values = [self._value(entity_id) for _ in range(number)]
        begin = time.thread_time()
        for value in values:
            self._set(entity_id, value)
            if turns:
                await self.home.turns()
        if move:
            self.home.loop.move(move)
        await self.home.turns(8)
        return time.thread_time() - begin

    async def _first(self) -> None:
        """Change what is listened to while the slot is closed, then let the widget be looked at; several times."""
        rows = {"": NOBODY, FIRST_FLOOR: _FLOOR, FIRST: _CLOSED}
        took = dict.fromkeys((*rows, SOON, THEN), 0.0)
        for _ in range(_TURNS):
            # A widget that has just been loaded listens, as after an update.
            await self.home.hass.config_entries.async_reload(self.accounts[_CLOSED].entry_id)
            await self.home.rest()
            # None of those that are compared comes first after a rest.
            await self._changes(NOBODY, 1)
            for row, entity_id in rows.items():
                took[row] += await self._changes(entity_id, 1)
            took[SOON] -= await self._changes(NOBODY, _SOON)
            took[SOON] += await self._changes(_CLOSED, _SOON)
            # One that matters, so that the look is not put off, and that never leads back to what is shown.
            self.base[_CLOSED] = 40.0 + (self.base[_CLOSED] + 10.0) % 40.0
            await self._changes(_CLOSED, 1)
            took[THEN] += await self._pass()
            await self.home.rest()
            took[THEN] -= await self._pass()
        self.add(FIRST_FLOOR, took[FIRST_FLOOR], took[""], _TURNS)
        self.add(FIRST, took[FIRST], took[""], _TURNS)
        self.add(SOON, took[SOON], 0, _TURNS * _SOON)
        self.add(THEN, took[THEN], 0, _TURNS)

    async def _pass(self) -> float:
        """Let what settles settle, and return what that took of this thread, in s."""
        begin = time.thread_time()
        self.home.loop.move(SETTLED)
        await self.home.turns(8)
        return time.thread_time() - begin

    async def _rates(self) -> None:
        # So long that a day's rounds leave the urgent widgets updates to spare.
        await self.home.rest(2 * SLOT)
        await self._run(_LOGGING)
        await self._run(_SILENT)
        self.home.pushover.arrivals()
        rows = {TRACKED: _TEMPLATES, RUNNING: _LOGGING, QUIETLY: _SILENT, OPEN: _OPEN, DECIDING: _DECIDING}
        for rate, (number, seconds) in RATES.items():
            without = await self._groups(NOBODY, _GROUPS, number, seconds)
            for row, entity_id in rows.items():
                used = await self._groups(entity_id, _GROUPS, number, seconds)
                self.add(row.format(rate), used, without, number * _GROUPS)
        if not (self.home.running(_LOGGING) and self.home.running(_SILENT)):
            raise RuntimeError("The automations have ended too early")
        if self.home.pushover.number():
            raise RuntimeError("What does not matter was sent")

    async def _groups(self, entity_id: str, groups: int, number: int, seconds: float) -> float:
        """Change a state so many times in so many seconds, over and over; return what that took of this thread, in s."""
        used = 0.0
        for _ in range(groups):
            await self.home.pause()
            used += await self._changes(entity_id, number, move=seconds)
        return used

    async def _run(self, entity_id: str) -> None:
        """Bring automations into their delay."""
        self.home.pushover.arrivals()
        self._set(entity_id, self._value(entity_id))
        await self.home.sent(self.widgets)
        if not self.home.running(entity_id):
            raise RuntimeError("The automations do not run")

    async def _urgent(self) -> None:
        """Change an urgent entity's state when its last update is not a minute old."""
        await self.home.rest()
        self.home.pushover.arrivals()
        self._switch(_URGENT)
        await self.home.turns()
        self.home.loop.move(SETTLED)
        await self.home.sent(self.widgets)
        self._switch("binary_sensor.nobody")
        without = await self._switched("binary_sensor.nobody")
        self.add(URGENT, await self._switched(_URGENT), without)
        # What waits goes before anything else is measured.
        self.home.pushover.arrivals()
        self.home.loop.move(_WAITED)
        await self.home.sent(self.widgets)

    def _switch(self, entity_id: str) -> None:
        state = self.home.hass.states.get(entity_id)
        self.home.state(entity_id, "off" if state is not None and state.state == "on" else "on")

    async def _switched(self, entity_id: str, number: int = 1) -> float:
        begin = time.thread_time()
        for _ in range(number):
            self._switch(entity_id)
        await self.home.turns(8)
        return time.thread_time() - begin

    async def _sending(self) -> None:
        """Change what is to be sent, and wait until it has been."""
        # A round takes less than three hours, after which a widget would be sent again: so each is sent in every round.
        # The slot has been open since the beginning of this round.
        self.home.pushover.arrivals()
        self._toggle(_DECIDING)
        await self._changes(_DECIDING, 1, move=SETTLED)
        await self.home.sent(self.widgets)
        for row, entity_id, pause in ((SENDING, _OPEN, SETTLED), (TRIGGERED, _SENDER, _DELAY)):
            await self.home.rest(pause)
            self._toggle(entity_id)
            self.home.pushover.arrivals()
            used = await self._changes(entity_id, 1, move=SETTLED)
            self.add(row, used + await self.home.sent(self.widgets), await self._changes(NOBODY, 1, move=SETTLED))


async def _measure(widgets: int, fields: int, rounds: int) -> dict[str, Sample]:
    async with home() as running:
        bench = _Bench(running, widgets, fields)
        await bench.prepare()
        await bench.round()
        # The first round warms up.
        bench.samples.clear()
        for _ in range(rounds):
            await bench.round()
    return {row: Sample(values) for row, values in bench.samples.items()}


def _shapes(effort: Effort) -> list[tuple[int, int]]:
    return [(widgets, fields) for widgets in effort.widgets for fields in _FIELDS]


async def measure(effort: Effort) -> Findings:
    """Measure with few and with many widgets."""
    return findings({shape: await _measure(*shape, effort.rounds_with(shape[0])) for shape in _shapes(effort)})
