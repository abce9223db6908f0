"""What the last step of a widget's flow says is what is sent after saving, whatever has happened before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
import re
from typing import Any, cast

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.util import dt as dt_util
import pytest

from custom_components.pushover_glances.content.settings import shown_settings
from tests.examples import seeds

from .kit import DOOR, MINUTE, ROUNDING, SETTLE, GlancesKit, alert, widget
from .random_steps import BATTERY, LOCK, PHONE, TABLET, TEMPERATURE, WINDOW, WORD, Home, Load, Reach, steps
from .test_widget_flow import choice, enter, fields_of, preview_of
from .test_widget_preview import LEFT_ALONE, NO_VALUE, NOW

_DOOR, _TEMPERATURE, _BATTERY = ({"entity": {"entity_id": entity_id}} for entity_id in (DOOR, TEMPERATURE, BATTERY))
_SOURCES: dict[str, tuple[Any, ...]] = {
    "title": (f"{{{{ states('{WORD}') }}}}", {"text": "Home"}, None),
    "text": (f"{{{{ states('{DOOR}') }}}}", _DOOR, f"{{{{ states('{TEMPERATURE}') }}}} °C", "Other", None),
    "subtext": (f"{{{{ states('{TEMPERATURE}') }}}} °C", _TEMPERATURE, "{{ now().hour }}", None),
    "count": (None, None, f"{{{{ states('{BATTERY}') }}}}", _BATTERY),
    "percent": (f"{{{{ states('{BATTERY}') }}}}", _BATTERY, "{{ 7 }}", None),
}
_SETTINGS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"urgent_entities": [DOOR]},
    {"daily_limit": 6},
    {"daily_limit": 0},
    {"daily_limit": 2, "urgent_entities": [DOOR]},
    {"quiet_from": "12:00:00", "quiet_until": "18:00:00"},
    {"quiet_from": "22:00:00", "quiet_until": "06:30:00"},
    {"unavailable": "keep"},
    {"time_stamp": "title"},
    {"time_stamp": "subtext", "unavailable": "keep"},
    {"min_interval": 1},
    {"min_interval": 120},
)
_STAMP = re.compile(r"(^| · )\d{1,2}:\d\d [AP]M$")
_COVERED = re.compile(r"At the moment, an alert is shown instead: (?P<alerts>[^.]*)\. ")
_WHEN = re.compile(r"This will be sent (?:on (?P<date>\S+) )?at (?P<time>.*)\.$")
_GONE_FOR = timedelta(minutes=30)
_REPEATED_AFTER = timedelta(hours=3)
_SOON = timedelta(minutes=25)


@dataclass
class Edit:
    """A change of the widget, and what the preview says of it."""

    device: str
    data: dict[str, Any]
    said: dict[str, str]

    @property
    def goes(self) -> str:
        """Return what it says about when it goes, without the alerts that cover it."""
        return _COVERED.sub("", self.said["goes"])

    @property
    def alerts(self) -> list[str]:
        """Return the alerts that it names."""
        covered = _COVERED.match(self.said["goes"])
        return [name for name in ("Lock", "Window") if covered and name in covered["alerts"]]

    @property
    def expected(self) -> dict[str, str]:
        """Return what it says of each field, with what the alerts show over it."""
        shown = {name: re.sub(r"\\(.)", r"\1", self.said[name]) for name in _SOURCES}
        shown = {
            name: text if name in ("title", "text", "subtext") else text.partition(" (")[0]
            for name, text in shown.items()
        }
        if "Lock" in self.alerts:
            shown |= {"title": "Lock", "text": "Unlocked"}
        if "Window" in self.alerts:
            shown |= {"subtext": "Window", "count": str(len(self.alerts))}
        return shown


def _with_id(item: ConfigSubentryData, subentry_id: str) -> ConfigSubentryData:
    """Return a widget that has this id: Home Assistant takes it, although the type does not name it."""
    return cast(ConfigSubentryData, {**item, "subentry_id": subentry_id})


def _widgets(random: Random) -> Iterator[ConfigSubentryData]:
    fields = {name: texts[0] for name, texts in _SOURCES.items() if texts[0] is not None}
    yield _with_id(widget(PHONE, **fields, urgent_entities=[DOOR]), PHONE)
    if random.random() < 0.7:
        yield _with_id(widget(TABLET, text=fields["text"]), TABLET)
    yield alert(LOCK, called="Lock", states=["unlocked"], title="Lock", text="Unlocked", widgets=[PHONE])
    window = {"subtext": "Window", "count": "{{ alerts }}", "urgent": False, "widgets": [PHONE]}
    yield alert(WINDOW, called="Window", states=["on"], lasts=300, **window)


@pytest.mark.parametrize("seed", seeds(20))
async def test_any_edit(kit: GlancesKit, seed: int) -> None:
    """States, actions, alerts, pauses, outages, and several edits of sources and settings among them."""
    random = Random(seed)  # noqa: S311  # no secret
    kit.freezer.move_to(f"2026-11-23 {random.choice((12, 21))}:00:00+00:00")
    home = await Home.begin(kit, *_widgets(random))
    for _ in range(5):
        for step in steps(random, random.randrange(8)):
            await home.do(step)
        await home.do(Reach(on=True))
        await home.answer()
        await home.do(Load(unload=False, load=True))
        edit = await _preview(home, random)
        first = len(kit.emulator.calls)
        await enter(kit, {"flow_id": edit.said["flow_id"]}, next_step_id="save")
        await _check(home, edit, first)


def _typed(source: Any) -> Any:
    """Return a stored source as the frontend sends it."""
    if isinstance(source, str):
        return source
    ((kind, value),) = source.items()
    return choice(kind, value["entity_id"] if kind == "entity" else value)


async def _preview(home: Home, random: Random) -> Edit:
    """Change the widget as far as the preview."""
    (there, *others) = home.entry.subentries.values()
    is_alone = not any(item.subentry_type == "widget" for item in others)
    device = random.choice((PHONE, PHONE, TABLET)) if is_alone else PHONE
    # Often little is changed, or nothing at all.
    chance = random.choice((0, 0.3, 1))
    texts = {
        name: random.choice(texts) if random.random() < chance else there.data.get(name)
        for name, texts in _SOURCES.items()
    }
    data = {name: _typed(source) for name, source in texts.items() if source is not None}
    data["delivery"] = random.choice(_SETTINGS) if random.random() < chance else shown_settings(there.data)
    form = await fields_of(home.kit, home.entry, device, there.subentry_id)
    form = await preview_of(home.kit, form, **data)
    assert form["step_id"] == "preview", form
    return Edit(device, data, {**form["description_placeholders"], "flow_id": form["flow_id"]})


def _arrived(home: Home, edit: Edit, first: int) -> list[dict[str, str]]:
    calls = [call for call in home.kit.emulator.calls[first:] if call.parameters.get("device") == edit.device]
    return [{name: call.parameters[name] for name in _SOURCES if name in call.parameters} for call in calls]


async def _check(home: Home, edit: Edit, first: int) -> None:
    now = dt_util.utcnow()
    if edit.goes == NOW:
        (glance,) = _arrived(home, edit, first)
        _check_glance(edit, glance, is_late=False)
    elif edit.goes.startswith("Nothing will be sent"):
        until = min(_changes(home, edit, now), default=now + _SOON)
        await home.advance((min(until, now + _SOON) - now).total_seconds() - ROUNDING)
        assert _arrived(home, edit, first) == [], edit
    else:
        when = _when(edit, now)
        changes = min(_changes(home, edit, now), default=when)
        await home.advance((min(when, changes) - now).total_seconds() - ROUNDING)
        assert _arrived(home, edit, first) == [], edit
        if changes > when + timedelta(minutes=2):
            await home.advance(MINUTE + 2 * ROUNDING)
            # The minute itself is a change where a template has the time of day.
            await home.advance(SETTLE + ROUNDING)
            (glance,) = _arrived(home, edit, first)
            _check_glance(edit, glance, is_late=True)


def _check_glance(edit: Edit, glance: dict[str, str], *, is_late: bool) -> None:
    for name, text in edit.expected.items():
        found = glance.get(name)
        if text == LEFT_ALONE:
            # With an alert, there is something that may have a time.
            assert found is None or (edit.alerts and _without_time(found) == ""), (name, edit, glance)
        elif not text.startswith(NO_VALUE) and not (is_late and "now()" in edit.data.get(name, "")):
            assert _without_time(found) == _without_time(text), (name, edit, glance)


def _without_time(text: str | None) -> str | None:
    return None if text is None else _STAMP.sub("", text)


def _when(edit: Edit, now: datetime) -> datetime:
    """Return the minute in which it says that the update goes."""
    found = _WHEN.match(edit.goes)
    assert found is not None, edit
    date = found["date"] or now.date().isoformat()
    return datetime.strptime(f"{date} {found['time']}", "%Y-%m-%d %I:%M %p").replace(tzinfo=dt_util.UTC)


def _changes(home: Home, edit: Edit, now: datetime) -> list[datetime]:
    """Return when something changes by itself."""
    found = [
        answer.began + timedelta(**answer.act.data["duration"])
        for answer in home.answers
        if "duration" in answer.act.data
    ]
    for entity_id in (WORD, DOOR, TEMPERATURE, BATTERY, LOCK, WINDOW):
        state = home.kit.hass.states.get(home.ids.get(entity_id, entity_id))
        assert state is not None
        if state.state in ("unavailable", "unknown"):
            found.append(state.last_changed + _GONE_FOR)
        if entity_id == WINDOW:
            found.append(state.last_changed + timedelta(minutes=5))
    calls = [call for call in home.kit.emulator.calls if call.parameters.get("device") == edit.device]
    found += [call.time + _REPEATED_AFTER for call in calls[-3:]]
    return [moment for moment in found if moment > now]
