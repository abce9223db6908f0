"""What goes to Pushover, and when. Pure Python with the clock passed in; it knows nothing of Home Assistant.

A watch takes about 50 updates a day and then none, Pushover asks for 20 minutes between two of them, and neither enforces
it. The rules:

1. **Spacing.** Two updates of a device go at least 20 minutes apart (`budget.MIN_INTERVAL`), counted from the answer.
2. **An even share.** What is left of the day's 50 is spread evenly over what is left of the day. A quiet morning saves
   updates for a busy evening. There are no classes: what changed goes at the next slot, all of it, because an update
   carries every field.
3. **Urgent changes** go a minute after the last update, four an hour at most, and only while enough of the day's updates
   remain to send one every 40 minutes. When they have used more than the even share has to spare, the state of an entity
   has to last three minutes first.
4. **Quiet hours** hold all but urgent changes, and are not part of the day that is shared.
5. **Settling.** The first change waits 5 seconds for what changes with it, and a minute at most while an entity passes
   through a state like opening. Where words often do not last five minutes, an ordinary update waits until they have
   stood still for three. What an action says does not wait.
6. **Significance.** A difference in words counts, one in numbers from a threshold on (`significance`). The rest goes
   along with the next update.
7. **Alerts** fill fields while an entity is in a state that counts (`alerts`). Their begin and their end are changes like
   any other, and urgent where the alert is.
8. **Repetition.** What a device shows is sent again after three hours, because watches lose updates silently, and when a
   person asks for it.
9. **Latest wins.** Values are read when a slot opens, not when they change.
10. **Booked before sent.** An attempt counts before it is sent, and an update without an answer counts and goes again.
11. **Failures** pause the account: `account` has what each answer of Pushover's means.
12. **Doubt.** A memory that is lost, or a clock that is set, never leads to a burst, and never holds anything up for
    longer than one interval.

`plan.receive` decides: an event in, the next state and what to do out. `gates` has the rules that make an update wait,
each a function; the tuples `BEFORE_RENDERING` and `AFTER_RENDERING` are the policy. Every number has its reason beside
it, in `budget`, `gates`, `layers`, `plan` and `significance`.
"""

from .account import AccountState, Change, Quota, believable, hold, result_of
from .alerts import AlertState, Cause
from .budget import DAILY_LIMIT, KEPT, MIN_INTERVAL, Days, Ledger, QuietHours, Rules
from .effects import Effect, Reason, Render, Send, Wait, WakeAt
from .events import (
    Abandoned,
    Acted,
    Changed,
    ClockSet,
    Confirmed,
    Due,
    Event,
    Inputs,
    Outcome,
    Paused,
    Rendered,
    Result,
    Started,
    Withdrawn,
    WordChanged,
)
from .gates import SETTLE
from .history import Entry, is_short_of_updates, note
from .layers import UNAVAILABLE_AFTER, Rendering, over_each_other, perhaps_shown, stamped
from .plan import Forecast, clearing, foresee, receive, refreshing, told
from .screens import ALL, Loss, Owner, assign
from .state import Action, ActionValue, Shown, WidgetState, actions_of, at_start

__all__ = [
    "ALL",
    "DAILY_LIMIT",
    "KEPT",
    "MIN_INTERVAL",
    "SETTLE",
    "UNAVAILABLE_AFTER",
    "Abandoned",
    "AccountState",
    "Acted",
    "Action",
    "ActionValue",
    "AlertState",
    "Cause",
    "Change",
    "Changed",
    "ClockSet",
    "Confirmed",
    "Days",
    "Due",
    "Effect",
    "Entry",
    "Event",
    "Forecast",
    "Inputs",
    "Ledger",
    "Loss",
    "Outcome",
    "Owner",
    "Paused",
    "QuietHours",
    "Quota",
    "Reason",
    "Render",
    "Rendered",
    "Rendering",
    "Result",
    "Rules",
    "Send",
    "Shown",
    "Started",
    "Wait",
    "WakeAt",
    "WidgetState",
    "Withdrawn",
    "WordChanged",
    "actions_of",
    "assign",
    "at_start",
    "believable",
    "clearing",
    "foresee",
    "hold",
    "is_short_of_updates",
    "note",
    "over_each_other",
    "perhaps_shown",
    "receive",
    "refreshing",
    "result_of",
    "stamped",
    "told",
]
