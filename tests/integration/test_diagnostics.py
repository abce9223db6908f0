"""What the diagnostics and the system information say, and what they do not."""

import json
from typing import Any

from homeassistant.components.diagnostics import REDACTED
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pushover_glances.const import DOMAIN
from emulator import Fault, Kind
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

from .kit import DOOR, MINUTE, ROUNDING, GlancesKit, alert, widget

TEXT = "{{ states('cover.garage_door') }}"
REFUSED = '{"status":0,"errors":["no"],"request":"r-1"}'


async def test_history_of_a_widget(kit: GlancesKit, hass_client: ClientSessionGenerator) -> None:
    """Every decision of the last day, over a reload, with the reason why something waited."""
    await async_setup_component(kit.hass, "diagnostics", {})
    await kit.state(DOOR, "closed")
    entry = await kit.load(widget(text=TEXT, daily_limit=0))
    await kit.tick(5 * MINUTE)
    await kit.state(DOOR, "open")
    await kit.hass.config_entries.async_reload(entry.entry_id)
    await kit.settle()
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body=REFUSED))
    await kit.tick(15 * MINUTE)
    said: Any = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
    (shown,) = said["widgets"]
    assert shown["history"] == [
        "11-23 12:00:00 sent",
        "11-23 12:00:00 up_to_date",
        "11-23 12:05:00 waiting until 12:20:00: spacing",
        "11-23 12:20:00 rejected",
        "11-23 12:20:00 held",
    ]
    assert (shown["status"], shown["problem"], shown["updates_left_today"]) == ("held", "held", None)


async def test_diagnostics_tell_nothing_private(kit: GlancesKit, hass_client: ClientSessionGenerator) -> None:
    """They contain no secret, wherever it was written, no name of a device, and nothing that it shows."""
    await async_setup_component(kit.hass, "diagnostics", {})
    entry = await kit.load(
        widget(
            title=f"{{{{ '{EXAMPLE_TOKEN}' if false }}}} {EXAMPLE_USER}", text="{{ 'se' ~ 'cret' }}", percent="{{ 5 }}"
        )
    )
    await kit.update(subtext="Shown by hand")
    said: Any = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
    (shown,) = said["widgets"]
    assert shown["settings"]["title"] == f"{{{{ '{REDACTED}' if false }}}} {REDACTED}"
    assert shown["fields"]["text"]["characters_shown"] == len("secret")
    assert shown["fields"]["subtext"]["manual"] is True
    text = json.dumps(said["widgets"]) + str(said["time_zone"])
    for private in (EXAMPLE_TOKEN, EXAMPLE_USER, "iphone", "secret", "by hand"):
        assert private not in text
    assert EXAMPLE_TOKEN not in json.dumps(said)
    assert EXAMPLE_USER not in json.dumps(said)


async def test_diagnostics_of_entities_and_texts(kit: GlancesKit, hass_client: ClientSessionGenerator) -> None:
    """They say what each field is made of, without the secrets that a person may have written there."""
    await async_setup_component(kit.hass, "diagnostics", {})
    shown: Any = {
        "title": {"text": f"My {EXAMPLE_USER}"},
        "count": {"entity": {"entity_id": "sensor.a", "min": 0, "max": 5}},
    }
    entry = await kit.load(widget(**shown))
    said: Any = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
    settings = said["widgets"][0]["settings"]
    assert settings == {"title": {"text": f"My {REDACTED}"}, "count": shown["count"]}


async def test_diagnostics_of_a_device(
    kit: GlancesKit, hass_client: ClientSessionGenerator, device_registry: dr.DeviceRegistry
) -> None:
    """A widget's device has its own part, the account's all of them."""
    await async_setup_component(kit.hass, "diagnostics", {})
    entry = await kit.load(widget(title="x"), widget("ipad", title="y"))
    whole: Any = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
    found = {}
    for device in dr.async_entries_for_config_entry(device_registry, entry.entry_id):
        found[device.name] = await get_diagnostics_for_device(kit.hass, hass_client, entry, device)
    assert [found["iphone glance"], found["ipad glance"]] == whole["widgets"]
    assert found[entry.title] == whole
    assert whole["widgets"][0]["settings"]["title"] == "x"


async def test_diagnostics_of_an_alert(
    kit: GlancesKit, hass_client: ClientSessionGenerator, device_registry: dr.DeviceRegistry
) -> None:
    """What it watches, when it begins, what it says and whether it is active; for its device, and while not loaded."""
    await async_setup_component(kit.hass, "diagnostics", {})
    await kit.state(DOOR, "open")
    states = ["open", EXAMPLE_USER]
    said_so = f"{{{{ '{EXAMPLE_TOKEN}' if false }}}}Open"
    entry = await kit.load(widget(title="x"), alert(text=said_so, states=states, lasts=300))
    await kit.tick(5 * MINUTE)
    await kit.state(DOOR, "unavailable")
    said: Any = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
    described = {
        "watches": [DOOR],
        "target": None,
        "when": {"states": ["open", REDACTED], "for": 300},
        "says": {"text": f"{{{{ '{REDACTED}' if false }}}}Open"},
        "replaces": False,
        "urgent": True,
        "for_all_widgets": True,
    }
    live = {"active": True, "dismissed": 0, "waits_to_last": 0, "without_state": 1, "ended_without_state": 0}
    assert said["alerts"] == [{**described, **live, "active_since": "2026-11-23T12:05:00+00:00"}]
    (device,) = [
        item for item in dr.async_entries_for_config_entry(device_registry, entry.entry_id) if "Open" in str(item.name)
    ]
    assert await get_diagnostics_for_device(kit.hass, hass_client, entry, device) == said["alerts"][0]
    await kit.hass.config_entries.async_unload(entry.entry_id)
    said = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
    assert said["alerts"] == [described]


async def test_diagnostics_of_an_account_that_is_not_loaded(
    kit: GlancesKit, hass_client: ClientSessionGenerator
) -> None:
    """The configuration is in them as well, because they are needed most when something is wrong."""
    await async_setup_component(kit.hass, "diagnostics", {})
    entry = await kit.load(widget(title="x"))
    await kit.hass.config_entries.async_unload(entry.entry_id)
    said: Any = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
    assert said["account"] == "not_loaded"
    assert said["widgets"] == [{"for_all_devices": False, "settings": {"title": "x"}}]


async def test_diagnostics_of_an_account_that_is_paused(kit: GlancesKit, hass_client: ClientSessionGenerator) -> None:
    """They say until when, and why."""
    await async_setup_component(kit.hass, "diagnostics", {})
    entry = await kit.load(widget())
    kit.emulator.faults.append(Fault(Kind.RATE_LIMIT, path="/1/glances.json", reset=1795694400))
    await kit.update(text="x")
    said: Any = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
    assert (said["paused_until"], said["paused_because"]) == ("2026-11-26T12:00:00+00:00", "rate_limit")
    assert said["widgets"][0]["history"][-1] == "11-23 12:00:00 waiting until 11-26 12:00:00: rate_limit"


@pytest.mark.parametrize("reachable", [True, False], ids=["reachable", "out-of-reach"])
async def test_system_health(
    kit: GlancesKit,
    monkeypatch: pytest.MonkeyPatch,
    reachable: bool,  # noqa: FBT001
) -> None:
    """Whether Pushover can be reached, what was sent today by all accounts, and what waits."""
    await async_setup_component(kit.hass, "system_health", {})
    await kit.load(widget(title="x"), widget("ipad"))
    await kit.tick(ROUNDING)
    assert {item["status"] for item in await kit.act("update", text="y")} == {"queued", "sent"}
    url = {True: kit.emulator.url, False: "http://127.0.0.1:9/"}[reachable]
    monkeypatch.setattr("custom_components.pushover_glances.api.API_URL", url)
    info = await get_system_health_info(kit.hass, DOMAIN)
    expected = {True: "ok", False: {"type": "failed", "error": "unreachable"}}[reachable]
    assert await info["can_reach_server"] == expected
    assert (info["updates_today"], info["queued"]) == (2, 1)
