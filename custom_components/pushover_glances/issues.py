"""Reports what concerns people: in the log, in repairs, and by a request for new credentials."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
import json
import logging
from typing import Any, Final

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback, valid_entity_id
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.issue_registry import IssueSeverity

from .const import DOMAIN, REPAIRS_URL
from .content.alert_config import AlertConfig
from .content.limit_units import UnitChange
from .content.page_config import PageConfig
from .content.texts import field_name, filled_text, plain
from .content.widget_config import WidgetConfig
from .exceptions import markdown_placeholders
from .planner import Change
from .pushover import Accepted, PushoverError

_LOGGER = logging.getLogger(__name__)

# What a repair that can be mended in a form knows of the subentry.
ATTR_ENTRY_ID: Final = "entry_id"
ATTR_SUBENTRY_ID: Final = "subentry_id"
# The settings of the widget that it is about.
_ATTR_SETTINGS: Final = "settings"

# What a repair can be about.
type _Config = WidgetConfig | AlertConfig | PageConfig

_ISSUES = (
    *("refused", "unknown_device", "short_of_updates", "missing_entities", "without_number"),
    *("alert_missing_entities", "alert_without_widget", "alert_limit_converted", "alert_limit_not_converted"),
    *("page_missing_entities", "page_without_widget"),
)


class Reports:
    """The reports of one account."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Set the account."""
        self._hass = hass
        self._entry = entry

    @callback
    def tell(self, change: Change, outcome: Accepted | PushoverError, config: WidgetConfig | None = None) -> None:
        """Report what an answer of Pushover has changed."""
        match change:
            case Change.RECOVERED:
                _LOGGER.info("Updates of account %s are sent again", self._entry.title)
            case Change.OUTAGE:
                _LOGGER.warning("Updates of account %s wait: %s", self._entry.title, outcome)
            case Change.LOCKED_OUT:
                if not any(self._entry.async_get_active_flows(self._hass, {SOURCE_REAUTH})):
                    _LOGGER.warning("Updates of account %s wait: %s", self._entry.title, outcome)
                self._entry.async_start_reauth(self._hass)
            case Change.REFUSED if config is not None and isinstance(outcome, PushoverError):
                self._refused(config, outcome)

    @callback
    def accepted(self, config: WidgetConfig) -> None:
        """Delete the repair of a widget that works again."""
        self._forget("refused", config.subentry_id)

    @callback
    def known_device(self, config: WidgetConfig) -> None:
        """Delete the repair of a widget whose device exists again."""
        self._forget("unknown_device", config.subentry_id)

    @callback
    def unknown_device(self, config: WidgetConfig) -> None:
        """Report that a widget waits because the user has no such device."""
        issue = ir.async_get(self._hass).async_get_issue(DOMAIN, _issue_id("unknown_device", config.subentry_id))
        if issue is None or not issue.active:
            _LOGGER.warning("Widget %s waits: the account has no device named %s", config.title, config.device)
        self._repair("unknown_device", config, IssueSeverity.ERROR, device=plain(config.device))

    @callback
    def active_devices(self, *, has_devices: bool) -> None:
        """Report that all widgets wait because the user has no active device, or delete the repair."""
        issue_id = _issue_id("no_devices", self._entry.entry_id)
        if has_devices:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
            return
        issue = ir.async_get(self._hass).async_get_issue(DOMAIN, issue_id)
        if issue is None or not issue.active:
            _LOGGER.warning("Updates of account %s wait: the user has no active device", self._entry.title)
        self._create("no_devices", self._entry.entry_id, IssueSeverity.ERROR, {"account": self._entry.title})

    @callback
    def not_emptied(self, user: str, names: Collection[str]) -> None:
        """Report that widgets of a removed account may still show their last values; none deletes the repair.

        It outlives a restart, because nothing is left that could report it again. `user` stands for the same user if
        the account is added again.
        """
        if not names:
            self._forget("not_emptied", user)
            return
        widgets = ", ".join(plain(name) for name in sorted(names))
        placeholders = {"account": self._entry.title, "widgets": widgets}
        self._create("not_emptied", user, IssueSeverity.WARNING, placeholders, is_persistent=True)

    @callback
    def short_of_updates(self, config: WidgetConfig, days: int) -> None:
        """Report on how many consecutive days too few updates were left for urgent changes; 0 deletes the repair."""
        if days:
            limit = str(config.rules.daily_limit)
            self._repair("short_of_updates", config, IssueSeverity.WARNING, limit=limit, days=str(days))
        else:
            self._forget("short_of_updates", config.subentry_id)

    @callback
    def missing_entities(self, config: _Config, missing: Mapping[str, Collection[str]]) -> None:
        """Report entities of a widget, an alert or a page that no longer exist; none deletes the repair.

        Each has the fields, or the conditions, whose templates use it.
        """
        key = "missing_entities" if isinstance(config, WidgetConfig) else f"{_kind(config)}_missing_entities"
        if missing:
            entities = ", ".join(self._with_templates(_code(item), missing[item]) for item in sorted(missing))
            self._repair(key, config, IssueSeverity.WARNING, entities=entities)
        else:
            self._forget(key, config.subentry_id)

    @callback
    def units_of(self, alert: AlertConfig, changes: Collection[UnitChange], *, are_known: bool) -> None:
        """Report entities with another unit than when the limits of an alert were saved, or delete the repairs.

        `are_known` is set if all of these entities have had a state.
        """
        converted = [f"{_code(item.entity_id)}: {plain(f'{item.was} → {item.now}')}" for item in changes if item.now]
        others = [f"{_code(item.entity_id)}: {plain(f'{item.was} → {item.unit}')}" for item in changes if not item.now]
        if converted:
            self._repair("alert_limit_converted", alert, IssueSeverity.WARNING, limits="; ".join(sorted(converted)))
        elif are_known:
            self._forget("alert_limit_converted", alert.subentry_id)
        if others:
            self._repair("alert_limit_not_converted", alert, IssueSeverity.ERROR, limits="; ".join(sorted(others)))
        elif are_known:
            self._forget("alert_limit_not_converted", alert.subentry_id)

    @callback
    def without_number(self, config: WidgetConfig, texts: Collection[str]) -> None:
        """Report number fields, as Markdown, that get texts without a number; none deletes the repair."""
        if texts:
            self._repair("without_number", config, IssueSeverity.WARNING, fields=", ".join(texts))
        else:
            self._forget("without_number", config.subentry_id)

    @callback
    def widgets_of(self, config: AlertConfig | PageConfig, widgets: Collection[str]) -> None:
        """Report that none of the widgets of an alert or a page exists any more, or delete the repair."""
        key = f"{_kind(config)}_without_widget"
        if config.widgets is not None and config.widgets.isdisjoint(widgets):
            self._repair(key, config, IssueSeverity.WARNING)
        else:
            self._forget(key, config.subentry_id)

    @callback
    def forget(self, subentry_ids: Collection[str]) -> None:
        """Delete the repairs of widgets, alerts and pages."""
        for subentry_id in subentry_ids:
            for key in _ISSUES:
                self._forget(key, subentry_id)

    @callback
    def forget_edited(self, followed: Callable[[Mapping[str, Any], datetime], dict[str, Any]]) -> None:
        """Delete the repairs of widgets whose own settings have changed since; those of their alerts and pages are others.

        `followed` gives settings the new ids of entities that have got another one since a time: this is no edit.
        """
        for issue in list(ir.async_get(self._hass).issues.values()):
            data = issue.data if issue.domain == DOMAIN and issue.data is not None else {}
            subentry = self._entry.subentries.get(str(data.get(ATTR_SUBENTRY_ID)))
            if subentry is None or (settings := data.get(_ATTR_SETTINGS)) is None:
                continue
            if followed(json.loads(str(settings)), issue.created) != json.loads(_settings(subentry)):
                ir.async_delete_issue(self._hass, DOMAIN, issue.issue_id)

    @callback
    def forget_account(self) -> None:
        """Delete all repairs of the account."""
        self.forget(self._entry.subentries)
        self.active_devices(has_devices=True)

    def _with_templates(self, entity: str, fields: Collection[str]) -> str:
        names = ", ".join(plain(field_name(self._hass, name)) for name in fields)
        return filled_text(self._hass, "in_template", entity=entity, fields=names) if names else entity

    def _forget(self, key: str, subentry_id: str) -> None:
        ir.async_delete_issue(self._hass, DOMAIN, _issue_id(key, subentry_id))

    def _refused(self, config: WidgetConfig, error: PushoverError) -> None:
        _LOGGER.warning("Pushover refused widget %s: %s", config.title, error)
        if not config.left_behind:
            self._repair("refused", config, IssueSeverity.ERROR, **markdown_placeholders(error))

    def _repair(self, key: str, config: _Config, severity: IssueSeverity, **placeholders: str) -> None:
        """Report what can be mended in the form of a subentry."""
        accounts = self._hass.config_entries.async_entries(DOMAIN, include_ignore=False, include_disabled=False)
        # A copy in the account of another person is called the same.
        name = config.title if len(accounts) == 1 else f"{config.title} ({self._entry.title})"
        names = {_kind(config): name, **placeholders}
        data: dict[str, str | int | float | None] = {
            ATTR_ENTRY_ID: self._entry.entry_id,
            ATTR_SUBENTRY_ID: config.subentry_id,
        }
        subentry = self._entry.subentries.get(config.subentry_id)
        if isinstance(config, WidgetConfig) and subentry is not None:
            data[_ATTR_SETTINGS] = _settings(subentry)
        self._create(key, config.subentry_id, severity, names, data=data)

    def _create(
        self,
        key: str,
        owner: str,
        severity: IssueSeverity,
        names: dict[str, str],
        *,
        data: dict[str, str | int | float | None] | None = None,
        is_persistent: bool = False,
    ) -> None:
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            _issue_id(key, owner),
            data=data,
            is_fixable=data is not None,
            is_persistent=is_persistent,
            learn_more_url=REPAIRS_URL if data is None else None,
            severity=severity,
            translation_key=key,
            translation_placeholders=names,
        )


def _kind(config: _Config) -> str:
    """Return the type of the subentry that a repair is about, which is also the placeholder of its name."""
    return {AlertConfig: "alert", PageConfig: "page"}.get(type(config), "widget")


def _settings(subentry: ConfigSubentry) -> str:
    return json.dumps(dict(subentry.data), sort_keys=True)


def _code(entity_id: str) -> str:
    """Return an entity id as Markdown; a template may use a text that is not an entity id."""
    return f"`{entity_id}`" if valid_entity_id(entity_id) else plain(entity_id)


def _issue_id(key: str, subentry_id: str) -> str:
    return f"{key}_{subentry_id}"
