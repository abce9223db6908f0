"""What people read of alerts is complete and true, as far as code can tell."""

import json
import re
from typing import Any

from homeassistant.util import slugify

from custom_components.pushover_glances import binary_sensor
from custom_components.pushover_glances.content import alert_text
from custom_components.pushover_glances.planner.layers import UNAVAILABLE_AFTER
from custom_components.pushover_glances.widget import PROBLEMS

from .documents import ROOT, column, headings, read, section

_DOC = "docs/alerts.md"
_PACKAGE = ROOT / "custom_components" / "pushover_glances"
_TEXTS: dict[str, Any] = json.loads((_PACKAGE / "translations" / "en.json").read_text(encoding="utf-8"))
_STEPS = _TEXTS["config_subentries"]["alert"]["step"]
_ENTITY = _TEXTS["entity"]["binary_sensor"]


def test_steps() -> None:
    """Each form has a section of its title."""
    assert {_STEPS["user"]["title"], _STEPS["alert"]["title"]} <= set(headings(_DOC))


def test_longest_duration() -> None:
    """The limit of the duration is that of the form."""
    text = section(_DOC, _STEPS["alert"]["title"])
    limits = dict(zip(column(text, "Setting"), column(text, "Setting", 2), strict=True))
    (days,) = re.findall(
        r"_LONGEST = timedelta\(days=(\d+)\)", (_PACKAGE / "flows/alert_form.py").read_text(encoding="utf-8")
    )
    assert limits[_STEPS["alert"]["data"]["for"]] == f"up to {days} days"


def test_variables() -> None:
    """Every variable of the templates, and no other; the examples use no others."""
    variables = {value for name, value in vars(alert_text).items() if name.startswith("ATTR_")}
    assert set(column(section(_DOC, "Variables"), "Variable")) == variables
    used = re.findall(r"{{ (\w+) }}", read(_DOC))
    assert used
    assert set(used) <= variables


def test_examples() -> None:
    """What the examples fill in are fields of the forms."""
    filled = column(section(_DOC, "Examples"), "Setting")
    assert filled
    assert set(filled) <= {*_STEPS["user"]["data"].values(), *_STEPS["alert"]["data"].values()}


def test_problem() -> None:
    """Every attribute of the problem and every reason, and no other, and how long an entity may be away."""
    text = section(_DOC, "When an entity is unavailable")
    assert column(text, "Attribute") == [binary_sensor.ATTR_REASON, binary_sensor.ATTR_ALERTS]
    assert f"After {UNAVAILABLE_AFTER.seconds // 60} minutes" in text
    text = section("docs/entities.md", "Reasons of the problem")
    reasons = dict(zip(column(text, "Reason", 1), column(text, "Reason"), strict=True))
    assert list(reasons) == list(PROBLEMS)
    assert reasons == _ENTITY["problem"]["state_attributes"]["reason"]["state"]


def test_attributes() -> None:
    """Every attribute of the binary sensor, and no other; each has a name."""
    attributes = [
        binary_sensor.ATTR_ENTITIES,
        binary_sensor.ATTR_SINCE,
        binary_sensor.ATTR_DISMISSED,
        binary_sensor.ATTR_CONDITIONS_MET,
    ]
    assert column(section(_DOC, "Attributes of an alert"), "Attribute") == attributes
    assert {*_ENTITY["alert"]["state_attributes"]} == {*attributes}


def test_entity() -> None:
    """The example is what the door of the other examples gets, and it has the word for its state."""
    text, name = section(_DOC, "Its entities"), slugify("Garage door: Open")
    assert column(text, "Entity", 1) == [f"binary_sensor.{name}", f"button.{name}_dismiss"]
    assert column(text, "Entity")[1] == _TEXTS["entity"]["button"]["dismiss"]["name"]
    assert f'on ("{_ENTITY["alert"]["state"]["on"]}")' in text
