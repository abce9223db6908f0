"""The tablet is quiet at night, and while an entity is on: only what a person asks for at once may go then."""

from datetime import datetime, time
from http import HTTPStatus

from homeassistant.const import STATE_ON
from homeassistant.util import dt as dt_util

from .random_steps import BED, TABLET, Act, Follow, Home, Step

_BEGIN, _END = time(22), time(6, 30)
QUIET = {"quiet_from": _BEGIN.isoformat(), "quiet_until": _END.isoformat(), "quiet_while": BED}


class Quiet:
    """Sees that nothing else arrives while the tablet is quiet."""

    def __init__(self, home: Home) -> None:
        """Begin after the first update."""
        self._home = home
        self._is_asked = False
        self._seen = len(home.calls(TABLET))

    def note(self, step: Step) -> None:
        """Look at what has arrived in a step; what a person has asked for may take until it is accepted."""
        self._is_asked |= _asks(step)
        calls = self._home.calls(TABLET)
        for call in calls[self._seen :]:
            assert self._is_asked or not self._is_quiet(call.time), call
            self._is_asked &= call.status != HTTPStatus.OK or bool(call.fault)
        self._seen = len(calls)

    def _is_quiet(self, moment: datetime) -> bool:
        return self._home.state(BED) == STATE_ON or not _END <= dt_util.as_utc(moment).time() < _BEGIN


def _asks(step: Step) -> bool:
    match step:
        case Act(action, devices, data):
            return TABLET in devices and (action == "refresh" or bool(data.get("urgent")))
        case Follow(device, on):
            return device == TABLET and on
        case _:
            return False
