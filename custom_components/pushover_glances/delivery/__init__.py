"""What goes to Pushover, and when. Pure Python with the clock passed in; it knows nothing of Home Assistant.

A watch takes about 50 updates a day and then none, Pushover asks for 20 minutes between two of them, and neither holds
anyone back. So an update is something to be spent, and this is how:

- **Spacing.** Two updates of a device lie at least 20 minutes apart (`schedule.MIN_INTERVAL`).
- **An even share.** What is left of the day's 50 is spread evenly over what is left of the day. A quiet morning saves
  updates for a busy evening, and no evening is without any. There is no reserve and there are no classes: whatever
  changed goes at the next slot, all of it, because an update carries every field.
- **Urgent changes** go a minute after the last update, and are bounded three times: a minute apart, four an hour, and
  only while enough of the day's updates remain to send one every 40 minutes.
- **Quiet hours** hold all but urgent changes, and are not part of the day that is shared.
- **Settling.** The first change waits 5 seconds for what changes with it, and a minute at most while a source passes
  through a state like opening. What an action says does not wait.
- **Significance.** A difference in words matters, one in numbers from a threshold on (`significance`). The rest goes
  along with the next update.
- **Repetition.** What a device shows is not sent again, but for once after three hours: watches lose updates silently.
- **Latest wins.** Values are read when a slot opens, not when they change. So the value that stands at the end is
  the one that is sent, however long the way was.
- **Doubt.** An attempt is booked before it is sent. One without an answer counts, and is sent again. A memory that is
  lost or comes from the future counts as an update just now, and as a day's use that the hour would have it.

`Account.decide` answers for all widgets of an account: send this, wait until then, or nothing to do, and why.
"""

from .account import Account, Change, Quota
from .composition import ManualValue, Mirrored, compose, stamped, still_manual
from .day import Days, QuietHours
from .decision import Decision, Nothing, Reason, Send, Source, Wait
from .ledger import Ledger
from .memory import Memory
from .outcomes import book
from .put import Put
from .schedule import DAILY_LIMIT, MIN_INTERVAL, Rules
from .screens import ALL, Owner, adopt
from .widget import Widget

__all__ = [
    "ALL",
    "DAILY_LIMIT",
    "MIN_INTERVAL",
    "Account",
    "Change",
    "Days",
    "Decision",
    "Ledger",
    "ManualValue",
    "Memory",
    "Mirrored",
    "Nothing",
    "Owner",
    "Put",
    "QuietHours",
    "Quota",
    "Reason",
    "Rules",
    "Send",
    "Source",
    "Wait",
    "Widget",
    "adopt",
    "book",
    "compose",
    "stamped",
    "still_manual",
]
