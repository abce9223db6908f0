"""The flow that adds an account or changes its credentials, which Pushover checks before they are saved."""

from collections.abc import Mapping
from hashlib import sha256
import logging
import re
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
    SubentryFlowContext,
)
from homeassistant.const import CONF_API_KEY, CONF_TOKEN
from homeassistant.core import callback
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from .api import async_validate_user
from .const import CONF_USER_KEY, CONFIG_VERSION, DOMAIN, SUBENTRY_TYPE_ALERT, SUBENTRY_TYPE_WIDGET
from .exceptions import error_key, error_placeholders
from .flows.alert import AlertFlow
from .flows.widget import WidgetFlow
from .pushover import AuthenticationError, PushoverError, User

_LOGGER = logging.getLogger(__name__)

_SECRET = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off"))
_SCHEMA = vol.Schema({vol.Required(CONF_TOKEN): _SECRET, vol.Required(CONF_USER_KEY): _SECRET})
# Tokens and user keys are thirty letters and digits, case-sensitive (https://pushover.net/api).
_KEY = re.compile(r"[A-Za-z0-9]{30}")
# Home Assistant's own integration, which sends notifications.
_PUSHOVER = "pushover"
_KEYS = "keys"
_OTHER_KEYS = "other"
_KEY_NAMES = {CONF_TOKEN: "invalid_token_format", CONF_USER_KEY: "invalid_user_key_format"}
_SWAPPED = "keys_swapped"


def _unique_id(user_key: str) -> str:
    """Return the unique id of an account, which does not tell its user key."""
    return sha256(f"{DOMAIN}:{user_key}".encode()).hexdigest()[:32]


def _key(entry: ConfigEntry, name: str) -> str:
    """Return a key of an entry of Home Assistant's own integration, which keeps the spaces that were typed around it."""
    return str(entry.data.get(name)).strip()


class PushoverGlancesConfigFlow(ConfigFlow, domain=DOMAIN):
    """The flow of an account."""

    VERSION = CONFIG_VERSION
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Begin with nothing checked."""
        self._data: dict[str, str] = {}
        self._placeholders: dict[str, str] = {}

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(cls, config_entry: ConfigEntry) -> dict[str, type[ConfigSubentryFlow]]:
        """Return the flows of an account's subentries."""
        return {SUBENTRY_TYPE_WIDGET: WidgetFlow, SUBENTRY_TYPE_ALERT: AlertFlow}

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the credentials of a new account, first whether to use those that Home Assistant has already."""
        if user_input is None and self._known_entries():
            return await self.async_step_pushover()
        return await self._async_credentials("user", user_input)

    async def async_step_pushover(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask whether to use the credentials of an entry of Home Assistant's own Pushover integration."""
        errors: dict[str, str] = {}
        known = self._known_entries()
        chosen = None if user_input is None else user_input[_KEYS]
        if chosen == _OTHER_KEYS or not known:
            return await self._async_credentials("user", None)
        if chosen in known:
            self._data = {
                CONF_TOKEN: _key(known[chosen], CONF_API_KEY),
                CONF_USER_KEY: _key(known[chosen], CONF_USER_KEY),
            }
            if (result := await self._async_check(errors)) is not None:
                return result
        options = [SelectOptionDict(value=entry_id, label=entry.title) for entry_id, entry in known.items()]
        options.append(SelectOptionDict(value=_OTHER_KEYS, label=_OTHER_KEYS))
        config = SelectSelectorConfig(options=options, translation_key=_KEYS, mode=SelectSelectorMode.LIST)
        key = vol.Required(_KEYS, default=chosen if chosen in known else next(iter(known)))
        return self.async_show_form(
            step_id="pushover",
            data_schema=vol.Schema({key: SelectSelector(config)}),
            # Whatever is wrong is wrong with the chosen entry.
            errors={_KEYS: next(iter(errors.values()))} if errors else {},
            description_placeholders=self._placeholders,
        )

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin the request for new credentials after Pushover refused the old ones."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for new credentials."""
        return await self._async_credentials("reauth_confirm", user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for other credentials on the user's own request."""
        return await self._async_credentials("reconfigure", user_input)

    async def async_step_no_devices(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for confirmation of a valid account that has no device yet."""
        if user_input is None:
            return self.async_show_form(step_id="no_devices")
        return self._async_finish(())

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Continue with the flow of the first widget."""
        flow = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_TYPE_WIDGET),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        # That flow has ended already if Pushover could not be asked for the devices.
        if flow["type"] is not FlowResultType.ABORT:
            result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, flow["flow_id"])
        return result

    @callback
    def _known_entries(self) -> dict[str, ConfigEntry]:
        """Return the entries of Home Assistant's own integration whose user has no account here, by their id."""
        accounts = {entry.unique_id for entry in self._async_current_entries()}
        return {
            entry.entry_id: entry
            for entry in self.hass.config_entries.async_entries(_PUSHOVER, include_ignore=False)
            if _unique_id(_key(entry, CONF_USER_KEY)) not in accounts
        }

    async def _async_credentials(self, step_id: str, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask for credentials and check them.

        After an error, the form keeps the input for a new account, and puts swapped keys into the right fields. It
        never shows the credentials of an existing one.
        """
        errors: dict[str, str] = {}
        if user_input is not None:
            self._data = {name: str(user_input[name]).strip() for name in _KEY_NAMES}
            if (result := await self._async_check(errors)) is not None:
                return result
            if errors.get(CONF_TOKEN) == "invalid_token" and await self._async_are_swapped():
                errors = {"base": _SWAPPED}
            if _SWAPPED in errors.values():
                user_input = self._swapped_keys()
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                _SCHEMA, user_input if self.source == SOURCE_USER else None
            ),
            errors=errors,
            description_placeholders={
                "apps_url": "https://pushover.net/apps/build",
                "dashboard_url": "https://pushover.net/",
                **self._placeholders,
            },
        )

    async def _async_check(self, errors: dict[str, str]) -> ConfigFlowResult | None:
        """Check the credentials and go on, or return `None` and add what is wrong with them to `errors`."""
        errors |= {name: key for name, key in _KEY_NAMES.items() if not _KEY.fullmatch(self._data[name])}
        if errors:
            return None
        existing = self._existing_entry()
        if existing is not None and existing.unique_id == _unique_id(self._data[CONF_TOKEN]):
            errors["base"] = _SWAPPED
            return None
        await self._async_identify()
        user = await self._async_validate(errors)
        if user is None:
            return None
        return self._async_finish(user.devices) if user.devices else await self.async_step_no_devices()

    @callback
    def _swapped_keys(self) -> dict[str, str]:
        return {CONF_TOKEN: self._data[CONF_USER_KEY], CONF_USER_KEY: self._data[CONF_TOKEN]}

    async def _async_are_swapped(self) -> bool:
        """Return whether Pushover accepts the API token as a user key, and the user key as an API token."""
        try:
            await async_validate_user(self.hass, self._swapped_keys())
        except PushoverError:
            return False
        return True

    async def _async_identify(self) -> None:
        """Allow one account for each user key, and no other user key in an existing account."""
        await self.async_set_unique_id(_unique_id(self._data[CONF_USER_KEY]))
        if self._existing_entry() is None:
            self._abort_if_unique_id_configured()
        else:
            self._abort_if_unique_id_mismatch(reason="another_user")

    @callback
    def _existing_entry(self) -> ConfigEntry | None:
        """Return the account whose credentials are changed; `None` for a new one."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        return self._get_reconfigure_entry() if self.source == SOURCE_RECONFIGURE else None

    async def _async_validate(self, errors: dict[str, str]) -> User | None:
        """Check the credentials at Pushover; add an error to the field that is wrong."""
        try:
            user = await async_validate_user(self.hass, self._data)
        except AuthenticationError as err:
            field = CONF_TOKEN if err.parameter == "token" else CONF_USER_KEY
            errors[field] = error_key(err)
        except PushoverError as err:
            errors["base"] = error_key(err)
            self._placeholders = error_placeholders(err)
        except Exception:
            _LOGGER.exception("Unexpected error while checking credentials")
            errors["base"] = "unknown"
        else:
            if not user.is_group:
                return user
            errors[CONF_USER_KEY] = "group_key"
        return None

    def _async_finish(self, devices: tuple[str, ...]) -> ConfigFlowResult:
        """Save the account, so that Home Assistant loads it exactly once."""
        entry = self._existing_entry()
        if entry is None:
            title = f"Pushover ({', '.join(devices)})" if devices else "Pushover"
            return self.async_create_entry(title=title, data=self._data)
        if not entry.update_listeners:
            return self.async_update_reload_and_abort(entry, data=self._data)
        if entry.data == self._data:
            # The update listener is not called for equal data, which Pushover may accept again.
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return self.async_update_and_abort(entry, data=self._data)
