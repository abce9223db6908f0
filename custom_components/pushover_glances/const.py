"""Names that users' configuration and automations rely on."""

from typing import Final

DOMAIN: Final = "pushover_glances"
# Version 2: a field of a widget may hold a mapping, which version 1 would take for a template. Version 3: a field or an
# alert may have a target instead of entities, without which version 2 cannot read it.
CONFIG_VERSION: Final = 3
DOCUMENTATION: Final = "https://github.com/pushover-glances/home-assistant-pushover-glances"

# The page for people whose widget shows nothing.
HELP_URL: Final = f"{DOCUMENTATION}/blob/main/docs/troubleshooting.md#nothing-shows"
# What to do about a repair that no form mends.
REPAIRS_URL: Final = f"{DOCUMENTATION}/blob/main/docs/troubleshooting.md#every-repair"

CONF_USER_KEY: Final = "user_key"

CONF_REPLACE: Final = "replace"
CONF_STATES: Final = "states"
# The unit of each entity when the limits of an alert were saved, by the key of the entity.
CONF_UNITS: Final = "units"
CONF_URGENT: Final = "urgent"
CONF_WIDGETS: Final = "widgets"

SUBENTRY_TYPE_WIDGET: Final = "widget"
# The end of the unique id of an alert's binary sensor.
ALERT_ACTIVE: Final = "active"
SUBENTRY_TYPE_ALERT: Final = "alert"
SUBENTRY_TYPE_PAGE: Final = "page"
# The unique id of a widget is its device, or this one for all devices of the user.
ALL_DEVICES: Final = "*"
