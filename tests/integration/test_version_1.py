"""Widgets and alerts as version 1 of the config entry had them, when every field was a template.

`version_1.json` has what the flows of that version saved for many kinds of entities, and what it then sent.
"""

import json
from pathlib import Path
from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntryState
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest

from custom_components.pushover_glances.pushover import Field
from emulator.world import EXAMPLE_USER, Device

from . import test_alert_flow as alerts
from .kit import GlancesKit
from .test_widget_flow import change, choice, enter, fields_of, pick, preset, save, sources
from .test_widget_preview import filled_in

_SAVED = json.loads(Path(__file__).with_name("version_1.json").read_text(encoding="utf-8"))
_WIDGETS = [item["subentry_id"] for item in _SAVED["subentries"] if item["subentry_type"] == "widget"]
_ALERTS = [item["subentry_id"] for item in _SAVED["subentries"] if item["subentry_type"] == "alert"]


@pytest.fixture
async def entry(kit: GlancesKit) -> Any:
    """Load an account with all of them."""
    for entity_id, state, attributes in _SAVED["states"]:
        await async_setup_component(kit.hass, entity_id.partition(".")[0], {})
        await kit.state(entity_id, state, **attributes)
    kit.emulator.world.users[EXAMPLE_USER].devices = {name: Device(name) for name in _SAVED["shown"]}
    entry = kit.account(*_SAVED["subentries"])
    assert entry.version == _SAVED["version"]
    await kit.setup(entry)
    assert entry.state is ConfigEntryState.LOADED
    return entry


def _data(entry: Any) -> dict[str, Any]:
    return {name: dict(item.data) for name, item in entry.subentries.items()}


async def test_shown(kit: GlancesKit, entry: Any) -> None:
    """The watch shows what it showed."""
    assert {glance.pop("device"): glance for glance in kit.emulator.glances} == _SAVED["shown"]


@pytest.mark.parametrize("widget", _WIDGETS)
async def test_widget(kit: GlancesKit, entry: Any, widget: str) -> None:
    """It opens as it was, is saved as it was through its fields and without them, and one field can be changed."""
    before = _data(entry)
    fields = {name: before[widget][name] for name in Field if name in before[widget]}
    result = await pick(kit, await change(kit, entry, subentry_id=widget), "save")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    assert _data(entry) == before
    form = await fields_of(kit, entry, subentry_id=widget)
    assert sources(form) == {name: choice("template", template) for name, template in fields.items()}
    await save(kit, form, **sources(form), delivery=filled_in(form, "delivery"))
    assert _data(entry) == before
    form = await fields_of(kit, entry, subentry_id=widget)
    changed = {**sources(form), "title": choice("text", "Changed")}
    await save(kit, form, **changed, delivery=filled_in(form, "delivery"))
    assert _data(entry) == {**before, widget: {**before[widget], "title": {"text": "Changed"}}}


@pytest.mark.parametrize("alert", _ALERTS)
async def test_alert(kit: GlancesKit, entry: Any, alert: str) -> None:
    """It opens as it was, and is saved as it was, with the units of its limits; it goes on replacing nothing."""
    before = _data(entry)
    form = await alerts.start(kit, entry, source=SOURCE_RECONFIGURE, subentry_id=alert)
    form = await enter(kit, form, entities=preset(form, "entities"))
    result = await pick(kit, await enter(kit, form, **alerts.filled(form)), "save")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    after = _data(entry)
    after[alert].pop("units", None)
    assert after[alert].pop("replace") is False
    assert after == before
