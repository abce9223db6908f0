"""What goes to Pushover, and when: composition, memory and schedule of an account's widgets.

Pure Python with the clock passed in. Knows nothing of Home Assistant, and sends nothing itself.
"""

from .account import Account, Change
from .composition import ManualValue, Mirrored, compose, still_manual
from .outcomes import book
from .schedule import MIN_INTERVAL
from .widget import Decision, Memory, Nothing, Reason, Send, Wait, Widget

__all__ = [
    "MIN_INTERVAL",
    "Account",
    "Change",
    "Decision",
    "ManualValue",
    "Memory",
    "Mirrored",
    "Nothing",
    "Reason",
    "Send",
    "Wait",
    "Widget",
    "book",
    "compose",
    "still_manual",
]
