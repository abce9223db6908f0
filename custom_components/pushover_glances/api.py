"""The connection to Pushover, and what all accounts share: at most two requests at a time, and quotas."""

import asyncio
from collections.abc import Mapping
import hashlib
from typing import Any

from aiohttp import ClientSession, DummyCookieJar
from homeassistant.const import CONF_TOKEN, EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import CONF_USER_KEY, DOMAIN
from .planner import Quota, believable
from .pushover import API_URL, PushoverClient
from .records import StoredAccount

_SESSION: HassKey[ClientSession] = HassKey(f"{DOMAIN}_session")


# Pushover allows two connections at a time, for all accounts together (https://pushover.net/api#friendly).
_CONNECTIONS = 2
_LIMIT: HassKey[asyncio.Semaphore] = HassKey(f"{DOMAIN}_connections")
# By a digest of the token, because the quota is one of the application, which several accounts may share.
_QUOTAS: HassKey[dict[str, Quota]] = HassKey(f"{DOMAIN}_quotas")


def api_url() -> str:
    """Return the address of Pushover's API."""
    return API_URL


def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> PushoverClient:
    """Return a client with the credentials of an account."""
    limit = hass.data.setdefault(_LIMIT, asyncio.Semaphore(_CONNECTIONS))
    return PushoverClient(_session(hass), data[CONF_TOKEN], data[CONF_USER_KEY], api_url(), limit)


@callback
def _session(hass: HomeAssistant) -> ClientSession:
    """Return the session of all accounts, which uses Home Assistant's connections as long as these last.

    It ignores cookies, because aiohttp logs an invalid one, which may repeat a secret.
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


@callback
def load_quota(hass: HomeAssistant, token: str, account: StoredAccount) -> None:
    """Share the stored quota of an account, unless that is one of another application."""
    application = hashlib.sha256(token.encode()).hexdigest()
    known = believable(account.quota, dt_util.utcnow()) if account.application == application else Quota()
    account.application = application
    shared = get_quota(hass, account)
    ends = [quota for quota in (shared, known) if quota.until is not None]
    set_quota(hass, account, max(ends, key=lambda quota: quota.until or dt_util.utcnow(), default=Quota()))


@callback
def get_quota(hass: HomeAssistant, account: StoredAccount) -> Quota:
    """Return the quota of an account's application."""
    return hass.data.setdefault(_QUOTAS, {}).get(account.application, Quota())


@callback
def set_quota(hass: HomeAssistant, account: StoredAccount, quota: Quota) -> None:
    """Set the quota of an account's application for all of its accounts."""
    hass.data.setdefault(_QUOTAS, {})[account.application] = account.quota = quota
