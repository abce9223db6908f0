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
    ConfigSubentryData,
    ConfigSubentryFlow,
    FlowType,
    SubentryFlowContext,
)
from homeassistant.const import CONF_API_KEY, CONF_NAME, CONF_TOKEN
from homeassistant.core import callback
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.selector import (
    BooleanSelector,
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
from .const import (
    CONF_USER_KEY,
    CONF_WIDGETS,
    CONFIG_VERSION,
    DOMAIN,
    SUBENTRY_TYPE_ALERT,
    SUBENTRY_TYPE_PAGE,
    SUBENTRY_TYPE_WIDGET,
)
from .content.texts import async_text
from .exceptions import error_key, error_placeholders
from .flows.account_name import account_title, name_field
from .flows.alert import AlertFlow
from .flows.copying import CONF_COPY
from .flows.page import PageFlow
from .flows.widget import WidgetFlow
from .pushover import AuthenticationError, PushoverError, User

_LOGGER = logging.getLogger(__name__)

_SECRET = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off"))
_TOKEN_SCHEMA = vol.Schema({vol.Required(CONF_TOKEN): _SECRET})
_SCHEMA = _TOKEN_SCHEMA.extend({vol.Required(CONF_USER_KEY): _SECRET})
# Tokens and user keys are thirty letters and digits, case-sensitive (https://pushover.net/api).
_KEY = re.compile(r"[A-Za-z0-9]{30}")
# Home Assistant's own integration, which sends notifications.
_PUSHOVER = "pushover"
_KEYS = "keys"
_OTHER_KEYS = "other"
_KEY_NAMES = {CONF_TOKEN: "invalid_token_format", CONF_USER_KEY: "invalid_user_key_format"}
_APPS_URL = "https://pushover.net/apps/build"
_DASHBOARD_URL = "https://pushover.net/"


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
        # The name in the first form, the account whose application is used, and whether its content is copied.
        self._name = ""
        self._has_name = False
        self._other: ConfigEntry | None = None
        self._copies = False
        self._placeholders: dict[str, str] = {}

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(cls, config_entry: ConfigEntry) -> dict[str, type[ConfigSubentryFlow]]:
        """Return the flows of an account's subentries."""
        return {SUBENTRY_TYPE_WIDGET: WidgetFlow, SUBENTRY_TYPE_PAGE: PageFlow, SUBENTRY_TYPE_ALERT: AlertFlow}

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the credentials of a new account, first whether to use those that Home Assistant has already."""
        if user_input is None and (self._known_entries() or self._applications()):
            return await self.async_step_pushover()
        return await self._async_credentials(user_input)

    async def async_step_pushover(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask whether to use the credentials of an entry of Home Assistant's own integration, or the token of an account."""
        errors: dict[str, str] = {}
        known, applications = self._known_entries(), self._applications()
        chosen = None
        if user_input is not None:
            chosen, self._name, self._has_name = user_input[_KEYS], user_input.get(CONF_NAME, ""), True
        if chosen == _OTHER_KEYS or not (known or applications):
            return await self._async_credentials(None)
        if chosen in applications:
            self._other = applications[chosen]
            return await self.async_step_application()
        if chosen in known:
            self._data = {
                CONF_TOKEN: _key(known[chosen], CONF_API_KEY),
                CONF_USER_KEY: _key(known[chosen], CONF_USER_KEY),
            }
            if (result := await self._async_check(errors)) is not None:
                return result
        options = [SelectOptionDict(value=entry_id, label=entry.title) for entry_id, entry in known.items()]
        for entry_id, entry in applications.items():
            label = await async_text(self.hass, "application_of", account=entry.title)
            options.append(SelectOptionDict(value=entry_id, label=label))
        options.append(SelectOptionDict(value=_OTHER_KEYS, label=_OTHER_KEYS))
        config = SelectSelectorConfig(options=options, translation_key=_KEYS, mode=SelectSelectorMode.LIST)
        key = vol.Required(_KEYS, default=chosen if chosen in known else options[0]["value"])
        schema = vol.Schema({key: SelectSelector(config), **name_field(self.hass)})
        return self.async_show_form(
            step_id="pushover",
            data_schema=self.add_suggested_values_to_schema(
                schema, {CONF_NAME: self._name} if self._has_name else None
            ),
            # Whatever is wrong is wrong with the chosen entry.
            errors={_KEYS: next(iter(errors.values()))} if errors else {},
            description_placeholders=self._placeholders,
        )

    async def async_step_application(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the user key of another person who uses the application of an account, and what to copy of that."""
        errors: dict[str, str] = {}
        if self._other is None or self._other.entry_id not in self._applications():
            return await self._async_credentials(None)
        if user_input is not None:
            self._copies = user_input[CONF_COPY]
            token, user_key = self._other.data[CONF_TOKEN], user_input[CONF_USER_KEY].strip()
            self._data = {CONF_TOKEN: token, CONF_USER_KEY: user_key}
            if (result := await self._async_check(errors)) is not None:
                return result
            # The form has no field for the token.
            errors = {"base" if field == CONF_TOKEN else field: error for field, error in errors.items()}
        schema = {
            vol.Required(CONF_USER_KEY): _SECRET,
            vol.Required(CONF_COPY, default=True): BooleanSelector(),
        }
        return self.async_show_form(
            step_id="application",
            data_schema=self.add_suggested_values_to_schema(vol.Schema(schema), user_input),
            errors=errors,
            description_placeholders={
                "account": self._other.title,
                "dashboard_url": _DASHBOARD_URL,
                **self._placeholders,
            },
        )

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin the request for another API token after Pushover refused the credentials."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another API token."""
        return await self._async_token("reauth_confirm", self._get_reauth_entry(), user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another API token on the user's own request."""
        return await self._async_token("reconfigure", self._get_reconfigure_entry(), user_input)

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

    @callback
    def _applications(self) -> dict[str, ConfigEntry]:
        """Return an account of each application by its id: several persons can use one application."""
        found: dict[str, ConfigEntry] = {}
        for entry in self._async_current_entries(include_ignore=False):
            found.setdefault(entry.data[CONF_TOKEN], entry)
        return {entry.entry_id: entry for entry in found.values()}

    async def _async_token(
        self, step_id: str, entry: ConfigEntry, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        """Ask for the API token of an account, whose user key stays, and check it; the form never shows a credential."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._data = {CONF_TOKEN: user_input[CONF_TOKEN].strip(), CONF_USER_KEY: entry.data[CONF_USER_KEY]}
            if (result := await self._async_check(errors)) is not None:
                return result
            # The form has no field for the user key.
            if (error := errors.pop(CONF_USER_KEY, None)) is not None:
                errors["base"] = "user_key_gone" if error == "invalid_user_key" else error
        return self.async_show_form(
            step_id=step_id,
            data_schema=_TOKEN_SCHEMA,
            errors=errors,
            description_placeholders={"apps_url": _APPS_URL, **self._placeholders},
        )

    async def _async_credentials(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask for the credentials of a new account and check them.

        After an error, the form keeps the input, and puts swapped keys into the right fields.
        """
        errors: dict[str, str] = {}
        schema = _SCHEMA if self._has_name else _SCHEMA.extend(name_field(self.hass))
        if user_input is not None:
            self._data = {name: str(user_input[name]).strip() for name in _KEY_NAMES}
            if not self._has_name:
                self._name = user_input.get(CONF_NAME, "")
                user_input = {**user_input, CONF_NAME: self._name}
            if (result := await self._async_check(errors)) is not None:
                return result
            if errors.get(CONF_TOKEN) == "invalid_token" and await self._async_are_swapped():
                errors = {"base": "keys_swapped"}
                user_input = {**user_input, **self._swapped_keys()}
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders={
                "apps_url": _APPS_URL,
                "dashboard_url": _DASHBOARD_URL,
                **self._placeholders,
            },
        )

    async def _async_check(self, errors: dict[str, str]) -> ConfigFlowResult | None:
        """Check the credentials and go on, or return `None` and add what is wrong with them to `errors`."""
        errors |= {name: key for name, key in _KEY_NAMES.items() if not _KEY.fullmatch(self._data[name])}
        if errors:
            return None
        if self._existing_entry() is None:
            await self.async_set_unique_id(_unique_id(self._data[CONF_USER_KEY]))
            self._abort_if_unique_id_configured()
        user = await self._async_validate(errors)
        if user is None:
            return None
        return self._async_finish(user.devices) if user.devices else await self.async_step_no_devices()

    @callback
    def _copied(self) -> list[ConfigSubentryData]:
        """Return copies of what the other account has besides widgets, which belong to its devices."""
        if self._other is None or not self._copies:
            return []
        return [
            ConfigSubentryData(
                data={key: value for key, value in item.data.items() if key != CONF_WIDGETS},
                subentry_type=item.subentry_type,
                title=item.title,
                unique_id=item.unique_id,
            )
            for item in self._other.subentries.values()
            if item.subentry_type != SUBENTRY_TYPE_WIDGET
        ]

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
            title = account_title(self._name.strip(), devices)
            return self.async_create_entry(title=title, data=self._data, subentries=self._copied())
        if not entry.update_listeners:
            return self.async_update_reload_and_abort(entry, data=self._data)
        if entry.data == self._data:
            # The update listener is not called for equal data, which Pushover may accept again.
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return self.async_update_and_abort(entry, data=self._data)
