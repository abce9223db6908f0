"""The one way out, and what all accounts share on it: two connections, and the quota of an application."""

import asyncio
import hashlib

from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .delivery import Quota
from .pushover import Accepted, Glance, PushoverClient, PushoverError, Values
from .records import AccountMemory

# Pushover's rules of friendliness allow two connections at a time, whoever they are for.
_CONNECTIONS = 2
_LIMIT: HassKey[asyncio.Semaphore] = HassKey(f"{DOMAIN}_connections")
# By a digest of the token, because the quota is an application's, and several accounts may use one.
_QUOTAS: HassKey[dict[str, Quota]] = HassKey(f"{DOMAIN}_quotas")
# Whoever removes an account waits for it.
_FAREWELL_TIMEOUT = 5


def shared_quota(hass: HomeAssistant, token: str, memory: AccountMemory) -> Quota:
    """Return what all accounts of an application know of its quota, and let the memory keep it from now on.

    What the memory has of another application's is forgotten.
    """
    application = hashlib.sha256(token.encode()).hexdigest()
    known = memory.quota.until if memory.application == application else None
    shared = hass.data.setdefault(_QUOTAS, {}).setdefault(application, Quota())
    shared.until = max(filter(None, (shared.until, known)), default=None)
    memory.application, memory.quota = application, shared
    return shared


async def async_transmit(
    hass: HomeAssistant,
    client: PushoverClient,
    values: Values,
    device: str,
    booked: asyncio.Future[None] | None = None,
) -> Accepted | PushoverError:
    """Send one update, once, when it is booked, and return what became of it."""
    async with hass.data.setdefault(_LIMIT, asyncio.Semaphore(_CONNECTIONS)):
        try:
            return await client.update_glance(Glance.of(values), device, booked)
        except PushoverError as err:
            return err


async def async_empty_screens(hass: HomeAssistant, client: PushoverClient, memory: AccountMemory) -> None:
    """Empty what an account that is removed has left on its screens: one attempt, whatever comes of it."""
    left = {
        device: {name: "" for name, value in screen.perhaps_shown().items() if value != ""}
        for device, screen in memory.screens.items()
        # Pushover may take a device that is gone for all of them.
        if not device or device in (memory.devices or ())
    }
    try:
        async with asyncio.timeout(_FAREWELL_TIMEOUT):
            # One after the other, because an account has one request on its way at most.
            for device, values in left.items():
                if values:
                    await async_transmit(hass, client, values, device)
    except TimeoutError:
        pass
