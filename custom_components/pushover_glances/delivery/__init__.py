"""What goes to Pushover, and when. Pure Python with the clock passed in; it knows nothing of Home Assistant.

A watch takes about 50 updates a day and then none, Pushover asks for 20 minutes between two of them, and neither holds
anyone back. So an update is something to be spent, and this is how:

- **Spacing.** Two updates of a device lie at least 20 minutes apart (`schedule.MIN_INTERVAL`).
- **An even share.** What is left of the day's 50 is spread evenly over what is left of the day. A quiet morning saves
  updates for a busy evening, and no evening is without any. There is no reserve and there are no classes: whatever
  changed goes at the next slot, all of it, because an update carries every field.
- **Urgent changes** go a minute after the last update, and are bounded three times: a minute apart, four an hour, and
  only while enough of the day's updates remain to send one every 40 minutes. Before that is reached, when they have
  used more than the even share has to spare, the state of an entity is worth one only if it has lasted three minutes:
  a door that is used all day must not use up the watch on openings that are over before anybody looks.
- **Quiet hours** hold all but urgent changes, and are not part of the day that is shared. What has changed in them goes
  when they end.
- **Settling.** The first change waits 5 seconds for what changes with it, and a minute at most while a source passes
  through a state like opening. Where words often do not last five minutes, an ordinary update waits until they have
  stood still for three: a door that happens to be open when a slot opens would look open for the next twenty minutes.
  What an action says does not wait.
- **Significance.** A difference in words matters, one in numbers from a threshold on (`significance`). The rest goes
  along with the next update. A number that is only written down, and that has moved by less than its threshold, is
  looked at less and less often while that is in vain.
- **Alerts** take fields over while an entity is in a state that counts (`alert`). Their begin and their end are changes
  like any other, and urgent where the alert is.
- **Repetition.** What a device shows is not sent again, but after three hours, because watches lose updates silently,
  and when a person asks for it.
- **Latest wins.** Values are read when a slot opens, not when they change. So the value that stands at the end is
  the one that is sent, however long the way was.
- **Doubt.** An attempt is booked before it is sent, and moved to its answer: updates keep their distance where they
  arrive. One without an answer counts, and is sent again. A memory that is
  lost or comes from the future counts as an update just now, and as a day's use that the hour would have it.

Every constant has its reason beside it, in `schedule`, `settling`, `significance`, `composition`, `moments` and
`widget`; those that are ours were chosen by `benchmarks/freshness.py`, which judges all of this by what the watch shows
over a day.

`Account.decide` answers for all widgets of an account: send this, wait until then, or nothing to do, and why.
"""

from .account import Account, Change, Quota
from .alert import Alert, AlertMemory, Cause
from .composition import ManualValue, Mirrored, Shown, compose, over_manual, stamped, still_manual
from .day import Days, QuietHours
from .decision import Decision, Nothing, Reason, Send, Source, Wait
from .history import Entry, is_short_of_updates, note
from .ledger import Ledger
from .memory import Memory
from .outcomes import book
from .pause import PausedMirror
from .put import Put
from .schedule import DAILY_LIMIT, MIN_INTERVAL, Rules, Schedule
from .screens import ALL, Owner, adopt
from .settling import PATIENCE, SETTLE
from .significance import slight
from .widget import Widget

__all__ = [
    "ALL",
    "DAILY_LIMIT",
    "MIN_INTERVAL",
    "PATIENCE",
    "SETTLE",
    "Account",
    "Alert",
    "AlertMemory",
    "Cause",
    "Change",
    "Days",
    "Decision",
    "Entry",
    "Ledger",
    "ManualValue",
    "Memory",
    "Mirrored",
    "Nothing",
    "Owner",
    "PausedMirror",
    "Put",
    "QuietHours",
    "Quota",
    "Reason",
    "Rules",
    "Schedule",
    "Send",
    "Shown",
    "Source",
    "Wait",
    "Widget",
    "adopt",
    "book",
    "compose",
    "is_short_of_updates",
    "note",
    "over_manual",
    "slight",
    "stamped",
    "still_manual",
]
