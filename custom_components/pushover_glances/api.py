"""How the integration reaches Pushover: one client for each pair of credentials, over Home Assistant's own session."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .const import CONF_USER_KEY
from .pushover import API_URL, PushoverClient


def api_url() -> str:
    """Return the address of Pushover's API."""
    return API_URL


def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> PushoverClient:
    """Return a client for an account's data."""
    return PushoverClient(async_get_clientsession(hass), data[CONF_TOKEN], data[CONF_USER_KEY], api_url())
