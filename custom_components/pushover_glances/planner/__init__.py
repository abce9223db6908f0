"""Decides which updates are sent to Pushover, and when. Pure Python: the time is passed in, Home Assistant is unknown.

A watch accepts about 50 updates a day, and then none until the next day. Pushover asks for 20 minutes between two of
them. Neither enforces its limit, so these rules do:

1. **Spacing.** Two updates of a device are at least 20 minutes apart (`budget.MIN_INTERVAL`), counted from the answer.
2. **Even share.** If an update would leave too few to send one every 32 minutes, those that are left are spread evenly
   over the rest of the day, which begins at 05:00 local time. For the hours after midnight, as many are kept as the
   last night took, one more if none was left: a tenth of the limit at least, a fifth at most. Fields have no
   priorities: every update carries all of them.
3. **Urgent changes** may go a minute after the last update, at most four an hour, and only while enough updates are
   left to send one every 45 minutes until midnight, and at night until 05:00. When an update would leave less than an
   even share, the state of an urgent entity must last three minutes first.
4. **Quiet hours** hold all but urgent changes, and so does an entity while it is on. The even share does not count the
   hours; how long the entity will be on is not known.
5. **Settling.** After the first change, an update waits 5 seconds for others, and up to a minute while an entity is in
   a state such as opening. Where words often change again within five minutes, an ordinary update waits until they have
   not changed for four. Values of actions do not wait, and a widget that a person has saved does not wait for others.
6. **Significance.** Any difference in words counts, a difference in quantities from a threshold on (`significance`).
   Smaller differences are sent with the next update, and what the time alone changes never counts but for words.
7. **Alerts** fill fields while an entity is in a given state and their conditions hold (`alerts`, `conditions`). Their
   begin and their end are changes like any other, and urgent if the alert is urgent; a number that swings about its
   limit is not (`alerts.SWING`).
8. **Repetition.** A glance is sent again after three hours, because watches lose updates without an error, and whenever
   a person asks for it.
9. **Latest wins.** Sources are rendered when an update may go, not when they change.
10. **Booked before sent.** An update is booked before it is sent. Without an answer it stays booked, and is sent again.
11. **Failures** pause the account (`account` lists what each answer of Pushover means).
12. **Unknown past.** A lost file or a clock that is set never leads to a burst of updates, and never delays an update
    by more than one interval.

`plan.receive` decides: it takes an event, and returns the next state and what to do. `gates` has the rules that delay
an update, one function each; the tuples `BEFORE_RENDERING` and `AFTER_RENDERING` are the policy. The comment at each
number gives its reason (`budget`, `gates`, `layers`, `plan`, `significance`).
"""

from .account import AccountState, Change, Quota, Result, believable, learn_delay, result_of
from .actions import clearing, overtaken, refreshing, told
from .alerts import AlertState, Cause, Rank
from .budget import DAILY_LIMIT, DAY, DAY_BEGIN, KEPT, MIN_INTERVAL, Days, Ledger, QuietHours, Rules, instant
from .conditions import ConditionsState
from .effects import FAILING, Effect, Reason, Render, Send, Wait, WakeAt
from .events import (
    Abandoned,
    Acted,
    Changed,
    ClockSet,
    Confirmed,
    DeviceFound,
    Dismissed,
    Due,
    Event,
    Inputs,
    Outcome,
    PageChanged,
    Paused,
    Rendered,
    Started,
    Withdrawn,
    WordChanged,
)
from .history import Entry, is_short_of_updates, note
from .layers import UNAVAILABLE_AFTER, Rendering, Since, over_each_other, perhaps_shown, stamped
from .plan import Forecast, foresee, receive
from .replay import Replay
from .screens import ALL, Loss, Owner, assign
from .significance import NOTHING, Number, Origin, Snapshot
from .spenders import Spenders, largest
from .state import Action, ActionValue, Page, Shown, WidgetState, actions_of, at_start

__all__ = [
    "ALL",
    "DAILY_LIMIT",
    "DAY",
    "DAY_BEGIN",
    "FAILING",
    "KEPT",
    "MIN_INTERVAL",
    "NOTHING",
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
    "ConditionsState",
    "Confirmed",
    "Days",
    "DeviceFound",
    "Dismissed",
    "Due",
    "Effect",
    "Entry",
    "Event",
    "Forecast",
    "Inputs",
    "Ledger",
    "Loss",
    "Number",
    "Origin",
    "Outcome",
    "Owner",
    "Page",
    "PageChanged",
    "Paused",
    "QuietHours",
    "Quota",
    "Rank",
    "Reason",
    "Render",
    "Rendered",
    "Rendering",
    "Replay",
    "Result",
    "Rules",
    "Send",
    "Shown",
    "Since",
    "Snapshot",
    "Spenders",
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
    "instant",
    "is_short_of_updates",
    "largest",
    "learn_delay",
    "note",
    "over_each_other",
    "overtaken",
    "perhaps_shown",
    "receive",
    "refreshing",
    "result_of",
    "stamped",
    "told",
]
