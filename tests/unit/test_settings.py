"""What saved settings mean, and that texts and documents agree with their declarations."""

from datetime import time, timedelta
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.helpers.selector import SelectSelector
import pytest

from custom_components.pushover_glances.content.settings import SETTINGS, Setting, rules_of
from custom_components.pushover_glances.planner import QuietHours, Rules
from custom_components.pushover_glances.pushover import Field

from .documents import ROOT, column, section

_LANGUAGES = sorted((ROOT / "custom_components" / "pushover_glances" / "translations").glob("*.json"))
_ENGLISH: dict[str, Any] = json.loads(next(file for file in _LANGUAGES if file.stem == "en").read_text("utf-8"))
_WITH_LIMITS = [(setting, setting.limits) for setting in SETTINGS if setting.limits is not None]


def numbers(text: str) -> set[int]:
    """Return the numbers in a text."""
    return set(map(int, re.findall(r"\d+", text)))


@pytest.mark.parametrize("file", _LANGUAGES, ids=[path.stem for path in _LANGUAGES])
@pytest.mark.parametrize(("setting", "limits"), _WITH_LIMITS, ids=[setting.key for setting, _ in _WITH_LIMITS])
def test_limits_in_texts(file: Path, setting: Setting, limits: range) -> None:
    """The forms and the error tell the limits, in every language."""
    widget = json.loads(file.read_text("utf-8"))["config_subentries"]["widget"]
    sections = [step.get("sections", {}) for step in widget["step"].values()]
    forms = [section["delivery"]["data_description"] for section in sections if "delivery" in section]
    assert forms
    for text in (*(form[setting.key] for form in forms), *(widget["error"][error] for error in setting.errors)):
        assert {limits[0], limits[-1]} <= numbers(text), text


@pytest.mark.parametrize("setting", SETTINGS, ids=[setting.key for setting in SETTINGS])
def test_documents(setting: Setting) -> None:
    """The documents tell the default and the limits, or all options."""
    text = section("docs/setup.md", "Delivery")
    named = _ENGLISH["config_subentries"]["widget"]["step"]["fields"]["sections"]["delivery"]["data"][setting.key]
    row = column(text, "Setting").index(named)
    default, limits = column(text, "Setting", 1)[row], column(text, "Setting", 2)[row]
    if isinstance(setting.selector, SelectSelector):
        names = _ENGLISH["selector"][setting.key]["options"]
        assert default.partition(".")[0] == names[setting.default]
        assert limits == ", ".join(map(names.get, setting.selector.config["options"]))
    elif setting.limits is None:
        assert default.startswith("None")
        assert setting.default is None
    else:
        assert numbers(default) == {setting.shown(setting.default)}
        assert {setting.limits[0], setting.limits[-1]} <= numbers(limits)


@pytest.mark.parametrize(
    ("data", "rules"),
    [
        pytest.param({}, Rules(), id="nothing"),
        pytest.param(
            {"min_interval": 1200, "daily_limit": 50, "time_stamp": "none", "unavailable": "dash"},
            Rules(),
            id="defaults",
        ),
        pytest.param(
            {
                "min_interval": 60,
                "daily_limit": 0,
                "quiet_from": "22:00:00",
                "quiet_until": "06:30:00",
                "time_stamp": "subtext",
                "unavailable": "keep",
            },
            Rules(
                min_interval=timedelta(minutes=1),
                daily_limit=0,
                quiet=QuietHours(time(22), time(6, 30)),
                time_stamp=Field.SUBTEXT,
                dashes=False,
            ),
            id="all",
        ),
        pytest.param({"quiet_from": "22:00:00"}, Rules(), id="half-of-the-quiet-hours"),
        pytest.param({"quiet_from": "22:00:00", "quiet_until": "22:00:00"}, Rules(), id="empty-quiet-hours"),
    ],
)
def test_rules(data: dict[str, Any], rules: Rules) -> None:
    """What a widget has saved is read as it always was."""
    assert rules_of(data) == rules
