"""Names that users' configuration and automations rely on."""

from typing import Final

DOMAIN: Final = "pushover_glances"
DOCUMENTATION: Final = "https://github.com/pushover-glances/home-assistant-pushover-glances"

# Where people read on when nothing shows.
HELP_URL: Final = f"{DOCUMENTATION}#nothing-shows"

CONF_USER_KEY: Final = "user_key"

CONF_STATES: Final = "states"
CONF_URGENT: Final = "urgent"
CONF_WIDGETS: Final = "widgets"

SUBENTRY_TYPE_WIDGET: Final = "widget"
# What the unique id of an alert's binary sensor ends with.
ALERT_ACTIVE: Final = "active"
SUBENTRY_TYPE_ALERT: Final = "alert"
# A widget's unique id is its device; this one stands for all devices of the user.
ALL_DEVICES: Final = "*"
