"""What is written to the file of an account is read as it was."""

from dataclasses import fields
from datetime import date
import json

from homeassistant.helpers.json import json_dumps

from custom_components.pushover_glances.planner import ActionValue, Ledger, Page, Spenders, WidgetState
from custom_components.pushover_glances.pushover import Field
from custom_components.pushover_glances.records import StoredAccount, read, written

from .screen import HOUR, MINUTE, NOW, TEXT

# A value for everything of a widget that outlives a restart.
_STATE = WidgetState(
    owner="a",
    configuration="b",
    ledger=Ledger((NOW - HOUR, NOW), (NOW,), NOW - HOUR, 1),
    shown={TEXT: "open", Field.TITLE: None},
    states={"lock.door": "open"},
    stamped=Field.SUBTEXT,
    covered=frozenset({TEXT}),
    acted=frozenset({Field.COUNT}),
    origins={TEXT: {"sensor.level": 1.5, "lock.door": "open"}},
    attempt={TEXT: "closed", Field.COUNT: 3},
    tried={"lock.door": "closed"},
    actions={Field.COUNT: ActionValue(3, NOW + HOUR, 2, urgent=True, origin={"sensor.level": 2.0})},
    base={TEXT: "closed"},
    unavailable={TEXT: NOW - MINUTE},
    alerts={"alert": {TEXT: "open"}},
    restlessness=0.5,
    asked=True,
    refreshes=2,
    paused=True,
    page=Page("page", frozenset({TEXT})),
    replaced=frozenset({TEXT}),
    accepted=NOW,
    has_receiver=False,
    face={TEXT: "open · 12:00"},
    short_days=(date(2026, 11, 22),),
    spenders=Spenders(NOW, {"lock.door": 2}),
)


def test_widget() -> None:
    """Everything that outlives a restart comes back."""
    names = [item.name for item in fields(WidgetState)]
    kept = names[: names.index("changed")]
    assert [name for name in kept if getattr(_STATE, name) == getattr(WidgetState(), name)] == []
    account = StoredAccount(screens={"iphone": _STATE})
    assert read(json.loads(json_dumps(written(account)))).screens["iphone"] == _STATE
