"""What is known of an entity that gets another id, and what is saved of it."""

from datetime import UTC, datetime
from typing import Any

from homeassistant.helpers.selector import EntitySelector
import pytest

from custom_components.pushover_glances.content.named_entities import with_new_id
from custom_components.pushover_glances.content.settings import SETTINGS
from custom_components.pushover_glances.planner import ActionValue, AlertState, Cause, Snapshot, Spenders, WidgetState
from custom_components.pushover_glances.planner.renames import renamed_alert, renamed_widget
from custom_components.pushover_glances.pushover import Field

NOW = datetime(2026, 11, 23, 13, tzinfo=UTC)
OLD, NEW, OTHER = "sensor.a", "sensor.b", "sensor.ab"
ALERT = "01ALERT"


def test_state_of_a_widget() -> None:
    """Each mention of exactly this entity is one of its new id; the state of an alert is its entities in order."""
    states = {OLD: OTHER, OTHER: "sensor.a on", ALERT: "sensor.a sensor.ab"}
    origin: Snapshot = {OLD: "on", "sensor.a temperature": 20.5, OTHER: OLD, "sensor.ab temperature": 1.0}
    known = WidgetState(
        states=states,
        tried=states,
        origins={Field.TEXT: origin},
        actions={Field.TITLE: ActionValue("x", origin=origin), Field.TEXT: ActionValue("y")},
        spenders=Spenders(NOW, {OLD: 2, OTHER: 1}),
    )
    new = renamed_widget(known, OLD, NEW, [ALERT])
    new_states = {NEW: OTHER, OTHER: "sensor.a on", ALERT: "sensor.ab sensor.b"}
    new_origin: Snapshot = {NEW: "on", "sensor.b temperature": 20.5, OTHER: OLD, "sensor.ab temperature": 1.0}
    assert new.states == new.tried == new_states
    assert new.origins == {Field.TEXT: new_origin}
    assert new.actions == {Field.TITLE: ActionValue("x", origin=new_origin), Field.TEXT: ActionValue("y")}
    assert new.spenders == Spenders(NOW, {NEW: 2, OTHER: 1})


def test_state_of_an_alert() -> None:
    """It goes on counting under the new name, unless that is known already."""
    cause, later = Cause(NOW, NOW, dismissed=True), Cause(NOW)
    state = AlertState({OLD: cause, OTHER: later}, lost=(OTHER, OLD), ended={OLD: NOW})
    new = AlertState({NEW: cause, OTHER: later}, lost=(OTHER, NEW), ended={NEW: NOW})
    assert renamed_alert(state, OLD, NEW) == new
    assert renamed_alert(AlertState({OLD: cause, NEW: later}), OLD, NEW).causes == {NEW: later}
    assert renamed_alert(AlertState(lost=(OLD, NEW)), OLD, NEW).lost == (NEW,)
    assert renamed_alert(new, OLD, NEW) is new
    assert renamed_alert(new, NEW, NEW) is new


@pytest.mark.parametrize("setting", [item for item in SETTINGS if isinstance(item.selector, EntitySelector)])
@pytest.mark.parametrize("many", [True, False])
def test_every_setting_that_is_an_entity(setting: Any, *, many: bool) -> None:
    """A setting that is added later must be in the list, too."""
    data = {setting.key: [OLD, OTHER] if many else OLD}
    assert with_new_id(data, OLD, NEW) == {setting.key: [NEW, OTHER] if many else NEW}


@pytest.mark.parametrize("stored", [OLD, {"text": OLD}])
def test_text_that_is_an_entity_id(stored: Any) -> None:
    """A text and a template are what a person wrote."""
    data = dict.fromkeys(Field, stored)
    assert with_new_id(data, OLD, NEW) == data
