"""The integration's own policy: its planner, replayed."""

from datetime import UTC, datetime, timedelta
from typing import override

from custom_components.pushover_glances.planner import (
    Changed,
    Inputs,
    Number,
    Origin,
    Rendering,
    Replay,
    Rules,
    Since,
    WidgetState,
    WordChanged,
)
from custom_components.pushover_glances.pushover import Field

from .homes import Home, Value
from .policy import Decision, Policy
from .traces import STEP

# Any days of 24 hours do.
_BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


def _moment(seconds: float) -> datetime:
    return _BEGIN + timedelta(seconds=seconds)


def _origin(home: Home, name: str, step: int) -> Origin:
    """Return the states that a field is made of, as Home Assistant has them."""
    values = [(f"{i}", value, value.trace[step]) for i, value in enumerate(home.values) if value.field == name]
    return Origin(
        {key: Number(float(now), value.unit) for key, value, now in values if not value.words},
        {key: value.words[int(now)] for key, value, now in values if value.words},
    )


class Ours(Policy):
    """Keeps the state of one widget, hands in what happens, and lets Pushover accept every update at once."""

    def __init__(self, minutes: int = 20, *, urgent: bool) -> None:
        """Begin with a widget that never sent anything.

        Its updates are so many minutes apart. `urgent` tells whether what may be marked as urgent is.
        """
        self._rules = Rules(timedelta(minutes=minutes))
        self._urgent = urgent
        self._replay = Replay(WidgetState(), _BEGIN)

    @override
    def decide(self, now: float, home: Home, step: int, *, changed: bool) -> Decision:
        moment, send = _moment(now), False
        if changed:
            for value in home.values:
                self._hear(value, step, moment)
        while (due := self._replay.due) is not None and due <= moment:
            send |= self._look(home, step, moment)
        return Decision(send) if due is None else Decision(send, (due - _BEGIN).total_seconds())

    def _hear(self, value: Value, step: int, now: datetime) -> None:
        """Hand in the first change after a rendering, and every change of an urgent entity."""
        if value.since[step] != step:
            return
        if value.words:
            self._replay.receive(WordChanged(timedelta(seconds=(step - value.since[step - 1]) * STEP)), now)
        if not self._replay.state.heard or self._is_urgent(value):
            self._replay.receive(Changed(), now)

    def _look(self, home: Home, step: int, now: datetime) -> bool:
        """Let the planner decide what to do now, and return whether it sent an update."""
        urgent = {value.label: value.words[int(value.trace[step])] for value in home.values if self._is_urgent(value)}
        return self._replay.decide(Inputs(self._rules, UTC, urgent), lambda: self._render(home, step), now) is not None

    def _render(self, home: Home, step: int) -> Rendering:
        words = [(value, _moment(value.since[step] * STEP)) for value in home.values if value.words]
        urgent = [(value, since) for value, since in words if self._is_urgent(value)]
        return Rendering(
            {Field(name): value for name, value in home.glance(step).items()},
            {Field(name): _origin(home, name, step) for name in home.fields},
            urgent_entities={Field(value.field): frozenset({value.label}) for value, _ in urgent},
            words_since=max((Since(since, value.label) for value, since in words), default=None),
            urgent_since={value.label: Since(since, value.label) for value, since in urgent},
        )

    def _is_urgent(self, value: Value) -> bool:
        return self._urgent and value.urgent
