"""What the tests say: set up an account, let time pass, see what arrived at Pushover."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
import gc
import time
from types import MappingProxyType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigSubentry, ConfigSubentryData
from homeassistant.const import CONF_DEVICE, CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.pushover_glances.const import CONF_USER_KEY, DOMAIN
from custom_components.pushover_glances.pushover import Field
from custom_components.pushover_glances.records import StoredAccount
from custom_components.pushover_glances.storage import AccountStore
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

DOOR = "cover.garage_door"
MINUTE = 60
SPACING = 20 * MINUTE
SETTLE = 5
# A timer may fire half a second after it is due: Home Assistant groups them.
ROUNDING = 1


def widget(device: str = "iphone", called: str = "", **fields: Any) -> ConfigSubentryData:
    """Describe a widget as its flow saves it, named after its device unless it is called something else."""
    return ConfigSubentryData(
        data={CONF_DEVICE: device, **fields},
        subentry_type="widget",
        title=called or device or "All devices",
        unique_id=device or "*",
    )


def alert(*entities: str, called: str = "Garage door: Open", lasts: int = 0, **data: Any) -> ConfigSubentryData:
    """Describe an alert as its flow saves it, by default one of the garage door; `lasts` is in seconds."""
    shown = {"title": "Garage door", "text": "Open"} if data.keys().isdisjoint(Field) else {}
    condition = {} if {"states", "above", "below"} & data.keys() else {"states": ["open"]}
    return ConfigSubentryData(
        data={"entities": list(entities) or [DOOR], **condition, "urgent": True, "for": lasts, **shown, **data},
        subentry_type="alert",
        title=called,
        unique_id=None,
    )


def page(called: str = "Morning", **data: Any) -> ConfigSubentryData:
    """Describe a page as its flow saves it."""
    return ConfigSubentryData(data=data, subentry_type="page", title=called, unique_id=None)


def subentry(device: str = "iphone", **fields: Any) -> ConfigSubentry:
    """Return a widget to add to an account that is there."""
    return added(widget(device, **fields))


def added(item: ConfigSubentryData) -> ConfigSubentry:
    """Return a widget or an alert to add to an account that is there."""
    return ConfigSubentry(
        data=MappingProxyType(dict(item["data"])),
        subentry_type=item["subentry_type"],
        title=item["title"],
        unique_id=item["unique_id"],
    )


_NO_ACCOUNT = StoredAccount()


def forget_old_stores(hass: HomeAssistant) -> None:
    """Let stores that are not in use any more hold nothing: the harness keeps them, with all that was ever written."""
    loaded = [entry.runtime_data.store for entry in hass.config_entries.async_loaded_entries(DOMAIN)]
    for item in gc.get_objects():
        if isinstance(item, AccountStore) and item not in loaded:
            item.account = _NO_ACCOUNT


@dataclass
class GlancesKit:
    """Home Assistant, Pushover, and the time."""

    hass: HomeAssistant
    emulator: Emulator
    freezer: FrozenDateTimeFactory
    seen: int = field(default=0)

    def account(
        self, *widgets: ConfigSubentryData, token: str = EXAMPLE_TOKEN, user_key: str = EXAMPLE_USER
    ) -> MockConfigEntry:
        """Add an account to Home Assistant without loading it."""
        entry = MockConfigEntry(
            domain=DOMAIN,
            title=f"Account {user_key[-4:]}",
            data={CONF_TOKEN: token, CONF_USER_KEY: user_key},
            subentries_data=[*widgets],
            unique_id=user_key[-4:],
        )
        entry.add_to_hass(self.hass)
        return entry

    async def load(self, *widgets: ConfigSubentryData, **account: str) -> MockConfigEntry:
        """Add an account and load it."""
        entry = self.account(*widgets, **account)
        await self.setup(entry)
        return entry

    async def setup(self, entry: MockConfigEntry) -> None:
        """Load an account."""
        await self.hass.config_entries.async_setup(entry.entry_id)
        await self.settle()

    async def prepare(self) -> None:
        """Set up the integration without an account."""
        assert await async_setup_component(self.hass, DOMAIN, {})

    async def settle(self) -> None:
        """Let everything that is under way come to its end."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def until(self, happened: Callable[[], bool], *, ticking: float = 0) -> None:
        """Wait for something that takes real time, while the clock stands still or moves by so many seconds a turn."""
        for _ in range(5000):
            if happened():
                return
            self.freezer.tick(ticking)
            await self.turns(1)
        raise AssertionError("It did not happen")

    async def turns(self, number: int) -> None:
        """Give sockets and threads some real time, a millisecond each turn."""
        for _ in range(number):
            await self.hass.loop.run_in_executor(None, time.sleep, 0.001)

    async def tick(self, seconds: float) -> None:
        """Let time pass."""
        self.freezer.tick(timedelta(seconds=seconds))
        async_fire_time_changed(self.hass)
        await self.settle()

    async def state(self, entity_id: str, state: str, /, **attributes: Any) -> None:
        """Set a state of Home Assistant."""
        self.hass.states.async_set(entity_id, state, attributes)
        await self.settle()

    async def change(self, entity_id: str, state: str, /, **attributes: Any) -> None:
        """Set a state of Home Assistant, and wait until the widgets have taken note of it."""
        await self.state(entity_id, state, **attributes)
        await self.tick(SETTLE + ROUNDING)

    async def update(self, **data: Any) -> dict[str, Any]:
        """Call the action for the only widget and return its item of the response."""
        (item,) = await self.act("update", **data)
        return item

    async def act(self, action: str, **data: Any) -> list[dict[str, Any]]:
        """Call an action and return its response, an item for each widget."""
        response = await self.hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=True)
        await self.settle()
        assert response is not None
        widgets: Any = response["widgets"]
        return list(widgets)

    def pushed(self) -> list[dict[str, str]]:
        """Return the glances that Pushover accepted since the last look, without their device."""
        glances = self.emulator.glances[self.seen :]
        self.seen += len(glances)
        return [{key: value for key, value in glance.items() if key != "device"} for glance in glances]

    def assert_pushed(self, *glances: dict[str, str]) -> None:
        """See that exactly these glances arrived since the last look."""
        assert self.pushed() == list(glances)

    def assert_nothing_pushed(self) -> None:
        """See that no glance arrived since the last look."""
        assert self.pushed() == []
