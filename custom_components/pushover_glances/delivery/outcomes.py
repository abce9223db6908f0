"""What the answer to an update means for its widget and its account.

| Pushover says | the update | then |
| --- | --- | --- |
| accepted | counts | the widget shows it |
| token or user invalid | does not count | the account waits for new credentials |
| any other 400 | does not count | the widget waits a day, or until it is changed; the others go on |
| 429 | does not count | all accounts of the application wait until its quota begins anew |
| 5xx, or no connection came about | does not count | the account tries again after 5 s, doubling to 20 min |
| no answer, or none that makes sense | counts, because it may have arrived | the same; the widget at its next slot |
| another status of success (2xx) | counts, because it may have arrived | the same; the widget at its next slot |
| any other status, a redirect | does not count | the account tries again hourly |
"""

from datetime import datetime

from ..pushover.client import Accepted
from ..pushover.errors import BadAnswerError, NoAnswerError, PushoverError, RejectedError
from .account import Account, Change
from .decision import Send
from .widget import HELD_FOR, Widget


def book(account: Account, widget: Widget, send: Send, outcome: Accepted | PushoverError, now: datetime) -> Change:
    """Book the outcome of an update that `Widget.book_attempt` counted, and tell what it changed."""
    match outcome:
        case Accepted():
            widget.book_accepted(send, now)
            return account.book_answer()
        case NoAnswerError() | BadAnswerError(is_answer=True):
            widget.book_unknown(now)
        case RejectedError():
            widget.book_unsent()
            widget.hold(now + HELD_FOR)
        case _:
            widget.book_unsent()
    return account.book_failure(outcome, now)
