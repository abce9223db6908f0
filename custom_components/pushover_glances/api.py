"""What all accounts share: the session, the two connections that Pushover allows, and the quota of an application."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
from .pushover import API_URL, Connections, PushoverClient, User
from .records import StoredAccount

_SESSION: HassKey[ClientSession] = HassKey(f"{DOMAIN}_session")
_CONNECTIONS: HassKey[Connections] = HassKey(f"{DOMAIN}_connections")
# By a digest of the token.
_APPLICATIONS: HassKey[dict[str, Application]] = HassKey(f"{DOMAIN}_applications")


@dataclass(slots=True)
class Application:
    """An application of Pushover: all accounts with its token share its quota."""

    quota: Quota = field(default_factory=Quota)


def api_url() -> str:
    """Return the address of Pushover's API."""
    return API_URL


def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> PushoverClient:
    """Return a client with the credentials of an account; each of its calls needs a connection."""
    return PushoverClient(_session(hass), data[CONF_TOKEN], data[CONF_USER_KEY], api_url())


@callback
def connections(hass: HomeAssistant) -> Connections:
    """Return the connections of all accounts."""
    return hass.data.setdefault(_CONNECTIONS, Connections())


async def async_validate_user(hass: HomeAssistant, data: Mapping[str, Any]) -> User:
    """Check the credentials of an account, and return the user; raises PushoverError."""
    async with connections(hass):
        return await create_client(hass, data).validate_user()


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
def load_application(hass: HomeAssistant, token: str, account: StoredAccount) -> Application:
    """Return the application of an account; the stored quota counts unless it is that of another application."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    application = hass.data.setdefault(_APPLICATIONS, {}).setdefault(digest, Application())
    if account.application == digest:
        stored = believable(account.quota, dt_util.utcnow())
        if stored.until is not None and (application.quota.until is None or application.quota.until < stored.until):
            application.quota = stored
    account.application, account.quota = digest, application.quota
    return application
