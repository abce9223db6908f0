"""What a flow says that will happen to a widget once it is saved is what happens then, whatever has happened before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
import json

from homeassistant.helpers.json import json_dumps
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from custom_components.pushover_glances.planner import (
    ALL,
    AccountState,
    Changed,
    Forecast,
    Owner,
    Paused,
    QuietHours,
    Rules,
    Send,
    Started,
    Wait,
    WidgetState,
    WordChanged,
    assign,
    at_start,
    clearing,
    foresee,
)
from custom_components.pushover_glances.pushover import NUMBER_FIELDS, Accepted, Field, PushoverError, Value
from custom_components.pushover_glances.records import StoredAccount, read, written
from tests.examples import searching

from .rules_outcomes import OUTCOMES
from .screen import ACCEPTED, HOUR, MINUTE, SECOND, Screen

_WORDS: tuple[Value | None, ...] = ("open", "closed", "21.0 °C", "21.2 °C", "25.0 °C", "", None)
_NUMBERS: tuple[Value | None, ...] = (50, 51, 60, "", None)
_POOL = {name: _NUMBERS if name in NUMBER_FIELDS else _WORDS for name in Field}
_RULES = (
    Rules(),
    Rules(time_stamp=Field.SUBTEXT, dashes=False),
    Rules(min_interval=5 * MINUTE, daily_limit=6, quiet=QuietHours(time(22), time(6, 30))),
    Rules(min_interval=2 * MINUTE, daily_limit=12),
    Rules(daily_limit=0, quiet=QuietHours(time(12), time(14))),
)
_KINDS = sorted({*OUTCOMES} - {"token"})

pick = st.integers(0, 11)
fields = st.sampled_from(Field)
some_fields = st.frozensets(fields)
rules_of_widget = st.sampled_from(_RULES)


class Editing(RuleBasedStateMachine):
    """A widget that is edited again and again."""

    @initialize(now=st.integers(0, 23), names=some_fields, rules=rules_of_widget)
    def begin(self, now: int, names: frozenset[Field], rules: Rules) -> None:
        """Add it."""
        self.all: dict[Field, Value | None] = {name: _POOL[name][0] for name in Field}
        self.outcome: PushoverError | Accepted = ACCEPTED
        self.edits = 0
        self.started = datetime(2026, 11, 23, now, tzinfo=UTC)
        self.screen = Screen(rules=rules)
        self.screen.now = self.started + HOUR
        self.screen.sources.urgent = {"lock": "locked"}
        self.screen.sources.urgent_alerts = {"alert": ""}
        self.edit(names, rules)

    # What may happen.

    @rule(name=fields, value=pick, urgent=st.booleans())
    def source_says(self, name: Field, value: int, *, urgent: bool) -> None:
        """Let a source change, and perhaps an urgent entity with it."""
        screen = self.screen
        self.all[name] = _POOL[name][value % len(_POOL[name])]
        screen.sources.since = {**screen.sources.since, name: screen.now}
        if urgent:
            screen.sources.urgent = {"lock": f"state {value}"}
            screen.sources.urgent_since["lock"] = screen.now
        if name in screen.says:
            screen.says[name] = self.all[name]
            screen.receive(Changed())
        self._go()

    @rule(lasted=st.sampled_from((MINUTE, HOUR)))
    def word_changes(self, lasted: timedelta) -> None:
        """Let a word change, which does not last."""
        self.screen.sources.words_since = self.screen.now
        self.screen.receive(WordChanged(lasted))

    @rule(passing=st.booleans())
    def passes(self, *, passing: bool) -> None:
        """Let a source begin or end to be in a state like opening."""
        self.screen.sources.in_transition = self.screen.now if passing else None
        self.screen.receive(Changed())

    @rule(opened=st.booleans(), names=some_fields)
    def alert(self, names: frozenset[Field], *, opened: bool) -> None:
        """Let an alert begin or end."""
        values: dict[Field, Value | None] = {name: _POOL[name][1] for name in names}
        self.screen.sources.alerts = {"alert": values} if opened else {}
        self.screen.sources.urgent_alerts = {"alert": "cover" if opened else ""}
        self.screen.receive(Changed())
        self._go()

    @rule(name=fields, value=pick, until=st.sampled_from((None, MINUTE, HOUR)), urgent=st.booleans())
    def update(self, name: Field, value: int, until: timedelta | None, *, urgent: bool) -> None:
        """Call the action `update`."""
        screen = self.screen
        given = [item for item in _POOL[name] if item is not None]
        base = screen.says.get(name)
        screen.put(
            {name: given[value % len(given)]},
            until=None if until is None else screen.now + until,
            base=screen.state.base.get(name) if base is None else base,
            urgent=urgent,
        )
        self._go()

    @rule(names=st.lists(fields, min_size=1))
    def clear(self, names: list[Field]) -> None:
        """Call the action `clear`."""
        screen = self.screen
        if (action := clearing(screen.state, screen.key(), names, list(screen.says))) is not None:
            screen.act(action)
        self._go()

    @rule(stays=st.booleans())
    def refresh(self, *, stays: bool) -> None:
        """Call the action `refresh`."""
        self.screen.refresh(stays=stays)
        self._go()

    @rule(paused=st.booleans())
    def pause(self, *, paused: bool) -> None:
        """Pause the base, or let it follow its sources again."""
        if self.screen.state.paused is not paused:
            self.screen.receive(Paused(paused))
            self._go()

    @rule(kind=st.sampled_from((*["accepted"] * 6, *_KINDS)))
    def weather(self, kind: str) -> None:
        """Decide how updates end from now on."""
        self.outcome = OUTCOMES[kind][0](self.screen.now)

    @rule(time=st.sampled_from((5 * SECOND, MINUTE, 5 * MINUTE, 21 * MINUTE, 35 * MINUTE, 4 * HOUR)))
    def wait(self, time: timedelta) -> None:
        """Let time pass."""
        self.screen.now += time
        self._go()

    @rule(has_device=st.sampled_from((True, True, True, False)))
    def device(self, has_device: bool) -> None:  # noqa: FBT001
        """Let the device go, or come back."""
        self.screen.has_device = has_device

    @rule()
    def restart(self) -> None:
        """Let Home Assistant start just now, so that sources have time to appear."""
        self.started = self.screen.now

    def _go(self) -> None:
        self.screen.step(self.outcome)

    # What is said and done.

    @rule(names=some_fields, rules=rules_of_widget)
    def edit(self, names: frozenset[Field], rules: Rules) -> None:
        """Save another configuration, and compare what was said of it with what happens."""
        old, new = self.screen, Screen(rules=rules)
        self.edits += 1
        new.now, new.has_device, new.quota = old.now, old.has_device, old.quota
        new.sources = replace(old.sources, says={name: self.all[name] for name in Field if name in names})
        new.state = self._owned(at_start(old.state), new)
        inputs = new.inputs
        forecast = foresee(new.state, new.sources.render(), inputs, new.now)
        account = StoredAccount(screens={ALL: old.state})
        stored = read(json.loads(json_dumps(written(account)))).screens[ALL]
        new.state = self._owned(replace(stored, ledger=stored.ledger.read_at(new.now, is_own=True)), new)
        assert (new.account, new.quota) == (AccountState(), old.quota)
        self.screen = new
        self._compare(forecast)

    @rule()
    def save(self) -> None:
        """Save the configuration as it is."""
        self.edit(frozenset(self.screen.says), self.screen.rules)

    def _owned(self, state: WidgetState, screen: Screen) -> WidgetState:
        """Return the state as the widget finds it when it is loaded, with the time since the start."""
        owner = Owner("id", str(self.edits), screen.rules, frozenset({"lock"}), frozenset({"alert"}))
        screen.state = assign({ALL: state}, {ALL: owner}, [])[ALL]
        screen.receive(Started(self.started))
        return screen.state

    def _compare(self, forecast: Forecast) -> None:
        screen, says = self.screen, forecast.effect
        effect = screen.decide()
        if isinstance(says, Send):
            assert effect == says
            assert says.values == forecast.values
            return
        limit = min(self._happens_by_itself(), default=screen.now + HOUR)
        until = says.until if says.is_pending else None
        while isinstance(effect, Wait) and effect.is_pending and effect.until is not None:
            # Before that time nothing goes, even where the planner looks again earlier.
            assert effect != says or effect.until == until
            if min(effect.until, until or effect.until) >= limit:
                return
            assert until is None or effect.until <= until
            screen.now = effect.until
            effect = screen.decide()
        if until is None:
            assert not isinstance(effect, Send), f"{effect} instead of {says}"
            return
        assert isinstance(effect, Send), f"{effect} instead of {says}"
        assert (screen.now, effect.values) == (until, forecast.values)

    def _happens_by_itself(self) -> Iterator[datetime]:
        """Yield when something happens that is not foreseen, because it happens by itself meanwhile."""
        state, now = self.screen.state, self.screen.now
        moments = [item.until for item in state.actions.values() if item.until is not None]
        moments += [since + 30 * MINUTE for since in (*state.unavailable.values(), *self.screen.sources.since.values())]
        if (last := state.ledger.spaced_from(now)) is not None:
            moments.append(last + 3 * HOUR)
        yield from (moment for moment in moments if moment > now)


TestForecast = Editing.TestCase
TestForecast.settings = settings(searching(200), stateful_step_count=50)
