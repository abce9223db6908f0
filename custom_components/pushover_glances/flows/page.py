"""The flow that adds or changes a page: its fields, when it applies, and a preview, also of any other moment."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import ConfigSubentry, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..const import CONF_REPLACE, CONF_WIDGETS, HELP_URL, SUBENTRY_TYPE_PAGE, SUBENTRY_TYPE_WIDGET
from ..content.page_config import CONF_PRIORITY, PageConfig
from .content_flow import ContentFlow
from .copying import CONF_COPY, copy_field, original_of
from .foresight import loaded_coordinator
from .page_form import (
    CONF_MOMENT,
    MOMENT_SCHEMA,
    async_page_fields_errors,
    async_page_title,
    async_when_errors,
    begin_schema,
    local_moment,
    moment_errors,
    page_content,
    page_content_of,
    page_fields_schema,
    when_of,
    when_schema,
)
from .page_preview import async_moment_preview, async_page_pictures, async_page_preview
from .widget_choice import choosable_widgets, existing_widgets
from .widget_content import sources_of

# Stands for the id of a page that has not been saved yet.
_NEW = "new"
# As the frontend writes a local date and time.
_MOMENT_FORMAT = "%Y-%m-%d %H:%M:%S"


class PageFlow(ContentFlow):
    """The flow of a page."""

    @override
    def __init__(self) -> None:
        """Begin with nothing chosen."""
        super().__init__()
        # The name that a person gave the page, which is empty for one that is made of its times, and the one to save.
        self._name = ""
        self._title = ""
        self._widgets: list[str] = []
        self._when: dict[str, Any] = {}
        # Whether fields that the page does not fill are empty, so that it does not mix with what the widget shows.
        self._replaces = True
        self._moment = ""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the name, the widgets, and what the page begins with."""
        return await self._async_begin(user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the name and the widgets of a page, and for other entities to begin with again."""
        if (abort := self._abort_if_gone()) is not None:
            return abort
        if self._existing is None:
            self._existing = self._get_reconfigure_subentry()
            data = self._existing.data
            self._take(dict(data))
            self._widgets = existing_widgets(self._get_entry(), data)
            self._replaces = data.get(CONF_REPLACE, False)
            self._name = await self._async_given_name(self._existing)
        return await self._async_begin(user_input)

    @override
    async def async_step_fields(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the sources and the urgent entities."""
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {}
        content = self._content
        if user_input is not None:
            errors = await async_page_fields_errors(self.hass, user_input, placeholders)
            valid = {name: value for name, value in user_input.items() if name not in errors}
            content = page_content(self.hass, valid, self._content)
        if (abort := self._abort_if_gone()) is not None:
            return abort
        if user_input is not None and not errors:
            self._take(content)
            self._replaces = user_input[CONF_REPLACE]
            return await self.async_step_entities()
        filled = user_input or {**content, CONF_REPLACE: self._replaces}
        placeholders["pictures"] = await async_page_pictures(self.hass, self._get_entry(), self._config(content))
        return self._show_fields(page_fields_schema(filled), filled, errors, placeholders)

    async def async_step_when(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask when the page applies."""
        errors: dict[str, str] = {}
        placeholders: dict[str, str] = {}
        if user_input is not None:
            errors = await async_when_errors(self.hass, user_input, placeholders)
        if (abort := self._abort_if_gone()) is not None:
            return abort
        if user_input is not None and not errors:
            self._when = when_of(user_input)
            return await self.async_step_preview()
        # A priority that was given while there were other pages is not lost.
        schema = when_schema(has_priority=self._has_others() or CONF_PRIORITY in self._when)
        return self.async_show_form(
            step_id="when",
            data_schema=self.add_suggested_values_to_schema(schema, self._when if user_input is None else user_input),
            errors=errors,
            description_placeholders=placeholders,
            last_step=False,
        )

    @override
    async def async_step_preview(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Show what the widgets show while the page applies; offer to save it, or to change it."""
        if not self._when:
            return await self.async_step_when()
        entry = self._get_entry()
        options = ["save", "fields", *(["entities"] if self._entity_sources() else []), "when"]
        # What a widget shows at another moment is known while its account is loaded.
        options += [CONF_MOMENT] if loaded_coordinator(entry) is not None else []
        self._title = self._name or await async_page_title(self.hass, self._data())
        return self.async_show_menu(
            step_id="preview",
            menu_options=[*options, self._first_step],
            description_placeholders={
                "page": self._title,
                "help_url": HELP_URL,
                **await async_page_preview(self.hass, entry, self._config(self._content)),
            },
        )

    async def async_step_moment(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Show what the widgets show at a moment that a person picks; the same moment again goes back."""
        if (abort := self._abort_if_gone()) is not None:
            return abort
        config = self._config(self._content)
        zone = dt_util.get_default_time_zone()
        errors: dict[str, str] = {}
        if user_input is None:
            now = dt_util.utcnow()
            begin = config.schedule.next_begin(now, zone)
            self._moment = (begin or now).astimezone(zone).strftime(_MOMENT_FORMAT)
        elif user_input[CONF_MOMENT] == self._moment:
            return await self.async_step_preview()
        elif not (errors := moment_errors(user_input)):
            self._moment = user_input[CONF_MOMENT]
        moment = local_moment(self._moment).replace(tzinfo=zone)
        return self.async_show_form(
            step_id="moment",
            data_schema=self.add_suggested_values_to_schema(MOMENT_SCHEMA, user_input or {CONF_MOMENT: self._moment}),
            errors=errors,
            description_placeholders={
                "pictures": await async_moment_preview(self.hass, self._get_entry(), config, moment)
            },
            last_step=False,
        )

    async def async_step_save(self, _user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Save the page."""
        if (abort := self._abort_if_gone()) is not None:
            return abort
        title, data = self._title, self._to_save(self._data())
        if self._existing is None:
            return self.async_create_entry(title=title, data=data)
        return self.async_update_and_abort(self._get_entry(), self._existing, data=data, title=title)

    @property
    @override
    def _names(self) -> dict[str, str]:
        # Before the preview, a page may not have its name yet.
        return {}

    @callback
    @override
    def _copy_of(self, subentry_id: str) -> dict[str, Any] | None:
        """Return the data of a page or a widget to copy."""
        original = original_of(self.hass, subentry_id)
        return None if original is None else dict(original.data)

    @callback
    @override
    def _take(self, content: dict[str, Any]) -> None:
        """Take over the fields of a page or a widget, and when the page applies."""
        super()._take(page_content_of(content))
        self._when = when_of(content) or self._when

    @callback
    def _has_others(self) -> bool:
        """Return whether the account has other pages, so that a priority decides which one is shown."""
        own = None if self._existing is None else self._existing.subentry_id
        pages = self._get_entry().get_subentries_of_type(SUBENTRY_TYPE_PAGE)
        return any(page.subentry_id != own for page in pages)

    async def _async_begin(self, user_input: dict[str, Any] | None) -> SubentryFlowResult:
        """Ask what the page begins with, and go on to what is still missing."""
        errors: dict[str, str] = {}
        is_emptied = False
        if user_input is not None:
            is_emptied = self._is_emptied(user_input)
            errors = await self._async_choose(user_input)
            await self._async_name(user_input)
        if (abort := self._abort_if_gone()) is not None:
            return abort
        if user_input is not None and not errors:
            self._widgets = user_input.get(CONF_WIDGETS, [])
            is_filled = sources_of(self._content) and not is_emptied
            return await (self.async_step_preview() if is_filled else self.async_step_fields())
        copies = {} if self._existing else copy_field(self.hass, SUBENTRY_TYPE_PAGE, SUBENTRY_TYPE_WIDGET)
        widgets = choosable_widgets(self._get_entry(), self._existing)
        schema = vol.Schema({**self._begin_fields(errors), **copies, **begin_schema(widgets)})
        filled = {CONF_NAME: self._name or None, CONF_WIDGETS: self._widgets, **self._begun_with}
        return self.async_show_form(
            step_id=self._first_step,
            data_schema=self.add_suggested_values_to_schema(schema, filled if user_input is None else user_input),
            errors=errors,
            last_step=False,
        )

    async def _async_name(self, user_input: Mapping[str, Any]) -> None:
        """Take over the name that a person gave this page, or the one of the page that is copied, and whether it replaces."""
        self._name = user_input.get(CONF_NAME, "").strip()
        original = original_of(self.hass, user_input.get(CONF_COPY, ""))
        if original is None or original.subentry_type != SUBENTRY_TYPE_PAGE:
            return
        self._replaces = original.data.get(CONF_REPLACE, False)
        if not self._name:
            self._name = await self._async_given_name(original)

    async def _async_given_name(self, page: ConfigSubentry) -> str:
        """Return the name that a person gave a page; empty if it is made of its times."""
        return "" if page.title == await async_page_title(self.hass, page.data) else page.title

    @callback
    def _data(self) -> dict[str, Any]:
        widgets = {CONF_WIDGETS: self._widgets} if self._widgets else {}
        replaces = {CONF_REPLACE: True} if self._replaces else {}
        return {**self._content, **self._when, **widgets, **replaces}

    @callback
    def _config(self, content: Mapping[str, Any]) -> PageConfig:
        """Return the page as it would be saved with this content."""
        subentry_id = _NEW if self._existing is None else self._existing.subentry_id
        return PageConfig.from_data({**self._data(), **content}, subentry_id, self._title)
