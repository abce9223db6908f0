"""Token and user key reach nothing that people see or share, even where Pushover repeats them."""

import json
from typing import Any

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info
from pytest_homeassistant_custom_component.components.diagnostics import get_diagnostics_for_config_entry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.pushover_glances.const import DOMAIN
from emulator import Fault, Kind
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER
from tests.hostile import assert_no_secrets

from .kit import GlancesKit, widget
from .test_entities import enable, picture

REPEATED = json.dumps({"status": 0, "errors": [f"no {EXAMPLE_TOKEN}", EXAMPLE_USER], "request": f"r-{EXAMPLE_USER}"})


async def test_refusal_that_repeats_the_secrets(
    kit: GlancesKit, hass_client: ClientSessionGenerator, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither error, log, repair, state, event, registry, picture, diagnostics nor system information has them."""
    caplog.set_level("DEBUG")
    for component in ("diagnostics", "system_health"):
        assert await async_setup_component(kit.hass, component, {})
    entry = await kit.load(widget())
    await enable(kit, entry, "event.iphone_glance_update")
    kit.emulator.faults.append(Fault(Kind.STATUS, path="/1/glances.json", status=400, body=REPEATED))
    with pytest.raises(HomeAssistantError) as raised:
        await kit.update(text="x")
    seen: dict[str, Any] = {
        "error": f"{raised.value} {raised.value.translation_placeholders}",
        "log": "\n".join(item.getMessage() for item in caplog.records if DOMAIN in item.name),
        "repairs": list(ir.async_get(kit.hass).issues.values()),
        "states": [state.as_dict() for state in kit.hass.states.async_all()],
        "entities": er.async_entries_for_config_entry(er.async_get(kit.hass), entry.entry_id),
        "devices": dr.async_entries_for_config_entry(dr.async_get(kit.hass), entry.entry_id),
        "picture": await picture(kit.hass, hass_client),
        "diagnostics": await get_diagnostics_for_config_entry(kit.hass, hass_client, entry),
        "system": await get_system_health_info(kit.hass, DOMAIN),
    }
    texts = {name: str(what) for name, what in seen.items()}
    assert "REDACTED" in texts["error"]
    assert "REDACTED" in texts["repairs"]
    assert "REDACTED" in texts["states"]
    for secret in (EXAMPLE_TOKEN, EXAMPLE_USER):
        assert [name for name, text in texts.items() if secret in text] == []
    seen["system"]["can_reach_server"].close()


async def test_secrets_in_settings(kit: GlancesKit, hass_client: ClientSessionGenerator) -> None:
    """Diagnostics take them out of templates and entity ids, in whatever way they are written there."""
    encoded = "".join(f"%{ord(char):02X}" for char in EXAMPLE_USER)
    entry = await kit.load(
        widget(text=f"{EXAMPLE_TOKEN.upper()} {encoded}", urgent_entities=[f"lock.{EXAMPLE_TOKEN.lower()}"])
    )
    assert await async_setup_component(kit.hass, "diagnostics", {})
    told = await get_diagnostics_for_config_entry(kit.hass, hass_client, entry)
    assert_no_secrets([("diagnostics", told)])
    assert told["widgets"][0]["settings"]["urgent_entities"] == ["lock.**REDACTED**"]
