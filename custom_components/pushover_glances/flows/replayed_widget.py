"""A widget as it would have been on past days: what is recorded of its entities, replayed through the planner."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from heapq import merge
from operator import itemgetter

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Context, Event, EventStateChangedData, HomeAssistant, State, callback, split_entity_id

from ..content.alert_monitor import AlertChange, AlertMonitor
from ..content.last_states import LAST_STATES, LastStates
from ..content.no_value import NO_STATE
from ..content.past import past_of
from ..content.sources import Tracked
from ..content.tracker import has_new_state, has_turned, word_lasted
from ..content.widget_config import WidgetConfig
from ..planner import AccountState, Changed, Days, Quota, Rendering, Replay, WordChanged, assign
from ..pushover import Field
from ..widget import Widget
from .recorded import History

_CONTEXT = Context()


class ReplayedWidget:
    """A widget on past days, which begin at these times."""

    def __init__(self, hass: HomeAssistant, config: WidgetConfig, begins: Sequence[datetime], zone: tzinfo) -> None:
        """Begin with a widget that is new."""
        self._home = past_of(hass, begins[0])
        self._home.data[LAST_STATES] = self._last_states = LastStates(begins[0])
        self._monitor = AlertMonitor(self._home, config.alerts, {})
        state = assign({}, {config.device: config.owner}, None)[config.device]
        self._widget = Widget(self._home, config, state, self._monitor)
        self._replay = Replay(state, begins[0])
        self._begins = begins
        self._zone = zone
        self._midnight = self._next_midnight(begins[0])
        self._spent: dict[date, Mapping[str, int]] = {}
        self.updates = 0
        # The entities that the sources used, and the fields that never had a value.
        self.seen: frozenset[str] = frozenset()
        self.lacked = frozenset(config.sources)

    @property
    def spent(self) -> Counter[str]:
        """Return how many updates each entity caused."""
        return sum((Counter(spent) for spent in self._spent.values()), Counter[str]())

    @callback
    def run(self, recorded: Mapping[str, History]) -> Iterator[None]:
        """Replay what is recorded, of each entity from before the first day on; yields between two pieces of work."""
        begin, end = self._begins[0], self._begins[-1]
        later: list[list[tuple[datetime, str, State | None]]] = []
        for entity_id, states in recorded.items():
            place = bisect_right(states, begin, key=itemgetter(0))
            self._home.states.set_state(entity_id, states[place - 1][1])
            later.append([(moment, entity_id, state) for moment, state in states[place:]])
        self._alerts_changed(self._monitor.start(), begin)
        for moment, entity_id, state in merge(*later, key=itemgetter(0)):
            yield from self._until(moment)
            self._home.now = moment
            self._change(moment, entity_id, state)
            yield
        yield from self._until(end)

    def _until(self, end: datetime) -> Iterator[None]:
        """Let the planner decide what is due before this time."""
        while (now := min([self._replay.due or end, self._midnight, *self._monitor.moments()])) < end:
            self._home.now = now
            if now == self._midnight:
                self._midnight = self._next_midnight(now)
                self._day_passed(now)
            else:
                self._alerts_changed(self._monitor.notice(now), now)
                self._decide(now)
            yield

    def _next_midnight(self, now: datetime) -> datetime:
        """Return when the next local day begins."""
        day = now.astimezone(self._zone).date() + timedelta(days=1)
        return datetime.combine(day, time.min, self._zone).astimezone(UTC)

    def _day_passed(self, now: datetime) -> None:
        if self._widget.tracked.days and not self._replay.state.heard:
            self._source_changed(now)

    def _source_changed(self, now: datetime) -> None:
        self._widget.sources.note_change(now)
        self._replay.receive(Changed(), now)

    def _change(self, moment: datetime, entity_id: str, state: State | None) -> None:
        """Pass the change of an entity to the planner, as the coordinator does."""
        states, tracked = self._home.states, self._widget.tracked
        event = Event[EventStateChangedData](
            EVENT_STATE_CHANGED,
            {"entity_id": entity_id, "old_state": states.get(entity_id), "new_state": state},
            time_fired_timestamp=moment.timestamp(),
            context=_CONTEXT,
        )
        states.set_state(entity_id, state)
        if state is None or state.state in NO_STATE:
            self._last_states.note(event)
        is_source = entity_id in tracked.entities or split_entity_id(entity_id)[0] in tracked.domains
        if is_source and (lasted := word_lasted(event)) is not None:
            self._replay.receive(WordChanged(lasted), moment)
        if is_source and not self._replay.state.heard:
            self._source_changed(moment)
        elif entity_id in tracked.urgent and has_new_state(event):
            self._replay.receive(Changed(), moment)
        if entity_id == self._widget.config.quiet_while and has_turned(event):
            self._replay.wake(moment)
        if self._monitor.alerts and entity_id in self._monitor.entities:
            self._alerts_changed(self._monitor.state_changed(event), moment)

    def _alerts_changed(self, changes: Iterable[AlertChange], now: datetime) -> None:
        for change in changes:
            if change.is_changed:
                self._replay.receive(Changed(), now)
            self._replay.wake(now)

    def _decide(self, now: datetime) -> None:
        inputs = self._widget.inputs(self._zone, AccountState(), Quota())
        if self._replay.decide(inputs, self._render, now) is not None:
            self.updates += 1
            days = Days(self._zone)
            self._spent[days.of(now)] = self._replay.state.spenders.today(days, now)

    def _render(self) -> Rendering:
        rendering = self._widget.render()
        self.lacked -= known_fields(rendering)
        self.seen |= entities_of(self._home, self._widget.tracked)
        return rendering


@callback
def entities_of(hass: HomeAssistant, tracked: Tracked) -> frozenset[str]:
    """Return the entities that a widget depends on, with those of whole domains."""
    return tracked.entities | tracked.urgent | frozenset(hass.states.async_entity_ids(tracked.domains))


def known_fields(rendering: Rendering) -> frozenset[Field]:
    """Return the fields whose source has a value."""
    return frozenset([name for name, value in rendering.values.items() if value is not None])
