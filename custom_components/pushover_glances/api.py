"""How the integration reaches Pushover: one client for each pair of credentials, over Home Assistant's connections."""

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientSession, DummyCookieJar
from homeassistant.const import CONF_TOKEN, EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.util.hass_dict import HassKey

from .const import CONF_USER_KEY, DOMAIN
from .pushover import API_URL, PushoverClient

_SESSION: HassKey[ClientSession] = HassKey(f"{DOMAIN}_session")


def api_url() -> str:
    """Return the address of Pushover's API."""
    return API_URL


def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> PushoverClient:
    """Return a client for an account's data."""
    return PushoverClient(_session(hass), data[CONF_TOKEN], data[CONF_USER_KEY], api_url())


@callback
def _session(hass: HomeAssistant) -> ClientSession:
    """Return the session of all accounts, which has Home Assistant's connections, and lasts as long as they do.

    It reads no cookies: what is no name of one would get into aiohttp's log, whatever it repeats.
    """
    if (session := hass.data.get(_SESSION)) is not None:
        return session
    session = async_create_clientsession(hass, auto_cleanup=False, cookie_jar=DummyCookieJar())

    @callback
    def detach(_event: Event) -> None:
        session.detach()

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, detach)
    hass.data[_SESSION] = session
    return session
