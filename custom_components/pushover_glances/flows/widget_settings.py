"""The settings of a widget's delivery, as a section of its form."""

from homeassistant.data_entry_flow import section
import voluptuous as vol

from ..content.settings import SETTINGS, Setting

SECTION_DELIVERY = "delivery"


def settings_section(*, collapsed: bool) -> section:
    """Return the section of the form; `settings_error` checks the limits, so that errors can be translated."""
    return section(vol.Schema({_marker(setting): setting.selector for setting in SETTINGS}), {"collapsed": collapsed})


def _marker(setting: Setting) -> vol.Marker:
    if setting.default is None:
        return vol.Optional(setting.key)
    return vol.Required(setting.key, default=setting.shown(setting.default))
