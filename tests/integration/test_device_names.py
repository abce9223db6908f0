"""What the devices of widgets are called, and with them their entities."""

from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.pushover_glances.const import DOMAIN

from .kit import GlancesKit, subentry, widget


def device_names(kit: GlancesKit, entry_id: str) -> list[str | None]:
    """Return the names of an account's widgets, as Home Assistant shows them."""
    devices = dr.async_entries_for_config_entry(dr.async_get(kit.hass), entry_id)
    return [device.name_by_user or device.name for device in devices if device.model == "Widget"]


async def test_phone_with_the_companion_app(kit: GlancesKit, entity_registry: er.EntityRegistry) -> None:
    """Its app has `notify.iphone`, and the widget gets the names of the documentation all the same."""
    entity_registry.async_get_or_create("notify", "mobile_app", "1", object_id_base="iphone")
    await kit.load(widget())
    assert kit.hass.states.get("notify.iphone_2") is None
    (item,) = await kit.act("update", entity_id="notify.iphone_glance", text="x")
    assert (item["device"], item["status"]) == ("iphone", "sent")
    kit.assert_pushed({"text": "x"})
    assert kit.hass.states.get("sensor.iphone_glance_status") is not None


async def test_entities_of_an_earlier_version_keep_their_ids(
    kit: GlancesKit, device_registry: dr.DeviceRegistry, entity_registry: er.EntityRegistry
) -> None:
    """Automations go on, and so does a name that a person gave the device."""
    entry = kit.account(widget(), widget("ipad"))
    for there in entry.subentries.values():
        known = {"config_entry_id": entry.entry_id, "config_subentry_id": there.subentry_id}
        device = device_registry.async_get_or_create(
            identifiers={(DOMAIN, f"{entry.entry_id}_{there.subentry_id}")}, name=there.title, **known
        )
        entity_registry.async_get_or_create(
            "notify",
            DOMAIN,
            f"{there.subentry_id}_notify",
            config_entry=entry,
            config_subentry_id=there.subentry_id,
            device_id=device.id,
            object_id_base=there.title,
        )
        if there.unique_id == "ipad":
            device_registry.async_update_device(device.id, name_by_user="Kitchen")
    await kit.setup(entry)
    assert device_names(kit, entry.entry_id) == ["iphone glance", "Kitchen"]
    for name in ("iphone", "ipad"):
        (item,) = await kit.act("update", entity_id=f"notify.{name}", text="x")
        assert item["device"] == name
        assert kit.hass.states.get(f"notify.{name}_glance") is None


async def test_widget_that_a_person_named(kit: GlancesKit) -> None:
    """Its device takes that name, and the default name again when the title is that of the Pushover device."""
    entry = await kit.load(widget())
    (there,) = entry.subentries.values()
    for title, name in (("My watch", "My watch"), ("iphone", "iphone glance")):
        kit.hass.config_entries.async_update_subentry(entry, there, title=title)
        await kit.settle()
        assert device_names(kit, entry.entry_id) == [name]


@pytest.mark.parametrize(
    ("language", "title", "name"),
    [
        ("en", "All devices", "All devices glance"),
        ("fr", "Tous les appareils", "Tous les appareils glance"),
        ("fr", "All devices", "All devices glance"),
        ("fr", "Maison", "Maison"),
    ],
)
async def test_widget_for_all_devices(kit: GlancesKit, language: str, title: str, name: str) -> None:
    """It is called after its title, in the language of the server, unless a person named it."""
    kit.hass.config.language = language
    entry = kit.account()
    kit.hass.config_entries.async_add_subentry(entry, subentry("", called=title))
    await kit.setup(entry)
    assert device_names(kit, entry.entry_id) == [name]
