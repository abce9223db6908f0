"""Names that users' configuration and automations rely on."""

from typing import Final

DOMAIN: Final = "pushover_glances"

CONF_USER_KEY: Final = "user_key"
CONF_MIN_INTERVAL: Final = "min_interval"

SUBENTRY_TYPE_WIDGET: Final = "widget"
# A widget's unique id is its device; this one stands for all devices of the user.
ALL_DEVICES: Final = "*"
