"""The recipes of `docs/recipes.md`: what the page says to fill in, and what the watch then shows in the example home."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
import json
from pathlib import Path
import re
from typing import Any, Final

from custom_components.pushover_glances.pushover import Field, Value
from devtools.hass import SAVE, HomeAssistantError, HomeAssistantProcess

_ROOT = Path(__file__).resolve().parent.parent
_PAGE = _ROOT / "docs" / "recipes.md"
_TEXTS = _ROOT / "custom_components" / "pushover_glances" / "translations" / "en.json"
_RECIPE = re.compile(
    r"^## (?P<heading>.+)\n\n!\[(?P<shown>.+)\]\(images/recipes/(?P<name>\w+)\.png\)\n(?P<text>(?:(?!## ).*\n)*)",
    re.MULTILINE,
)
_TABLE = re.compile(r"^\| (Widget|Alert|Page) \| Value \|\n\| --- \| --- \|\n((?:\|.*\|\n)+)", re.MULTILINE)
_ROW = re.compile(r"^\| (.+?) \| (.+?) \|$", re.MULTILINE)
# Widgets are previewed on the second device; alerts and pages are shown over the widget of the first one.
_OTHER_DEVICE, _DEVICE = "iphone", "ipad"
_OTHER_ENTITIES = ["weather.weather"]
_STEPS: Final[dict[str, Any]] = json.loads(_TEXTS.read_text(encoding="utf-8"))
_FORMS: Final = {kind: _STEPS["config_subentries"][kind]["step"] for kind in ("widget", "alert", "page")}
_FIRST: Final = {kind: form["user"]["data"] for kind, form in _FORMS.items()}
# A section of the first form.
_SUMMARY: Final = {
    kind: form["user"].get("sections", {}).get("summary", {}).get("data", {}) for kind, form in _FORMS.items()
}
_SECOND: Final = {
    "widget": _FORMS["widget"]["fields"]["sections"]["delivery"]["data"],
    "alert": _FORMS["alert"]["alert"]["data"],
    "page": _FORMS["page"]["when"]["data"],
}
_KINDS: Final[dict[str, str]] = _STEPS["selector"]["kind"]["options"]
_TIMES = ("from", "until")
_SWITCH: Final = {"on": True, "off": False}
# Settings of which several can be selected.
_SEVERAL = ("entities", "area_id", "floor_id", "label_id")


@dataclass(frozen=True)
class Recipe:
    """What the page says: the settings by their labels, and the fields in the picture."""

    name: str
    heading: str
    kind: str
    settings: Mapping[str, str]
    shown: Mapping[Field, Value]


def read_recipes() -> list[Recipe]:
    """Return the recipes in the order of the page."""
    recipes = []
    for found in _RECIPE.finditer(_PAGE.read_text(encoding="utf-8")):
        (kind, rows), *_ = _TABLE.findall(found["text"])
        settings = dict(_ROW.findall(rows))
        recipes.append(Recipe(found["name"], found["heading"], kind.lower(), settings, _fields(found["shown"])))
    return recipes


def _fields(shown: str) -> dict[Field, Value]:
    """Return the fields of a text such as "Car · 76 % · 76": the words are the lines, and the numbers count and percent."""
    values = shown.split(" · ")
    lines = [value for value in values if not value.isdecimal()]
    numbers = values[len(lines) :]
    return {
        **dict(zip((Field.TITLE, Field.TEXT, Field.SUBTEXT), lines, strict=False)),
        **dict(zip((Field.COUNT, Field.PERCENT), map(int, numbers), strict=False)),
    }


async def follow_recipes(
    home: HomeAssistantProcess, token: str, user_key: str
) -> AsyncIterator[tuple[Recipe, dict[Field, Value]]]:
    """Add an account, and yield what the preview of each recipe shows, without saving it."""
    account = await home.flow("pushover_glances", {"token": token, "user_key": user_key})
    entry_id = account["result"]["entry_id"]
    await home.flow([entry_id, "widget"], {"device": _OTHER_DEVICE, "entities": _OTHER_ENTITIES}, SAVE)
    ids = await _ids(home, entry_id)
    for recipe in read_recipes():
        yield recipe, await _preview(home, entry_id, recipe, ids)


async def _ids(home: HomeAssistantProcess, entry_id: str) -> dict[str, str]:
    """Return what the forms take for the names on the page: of entities, labels, kinds, and widgets to copy."""
    entities = {state["attributes"].get("friendly_name"): state["entity_id"] for state in await home.get("/api/states")}
    async with home.websocket() as command:
        labels = {label["name"]: label["label_id"] for label in await command("config/label_registry/list")}
    form = await home.flow([entry_id, "widget"])
    (copies,) = [field["selector"]["select"]["options"] for field in form["data_schema"] if field["name"] == "copy"]
    widgets = {option["label"].partition(" (")[0]: option["value"] for option in copies}
    return {**entities, **labels, **{name: kind for kind, name in _KINDS.items()}, **widgets}


async def _preview(
    home: HomeAssistantProcess, entry_id: str, recipe: Recipe, ids: Mapping[str, str]
) -> dict[Field, Value]:
    first = _values(recipe, _FIRST[recipe.kind], ids)
    summary = _values(recipe, _SUMMARY[recipe.kind], ids)
    second = _values(recipe, _SECOND[recipe.kind], ids)
    if len(first) + len(summary) + len(second) != len(recipe.settings):
        raise HomeAssistantError(f"{recipe.heading} has a setting that no form has: {recipe.settings}")
    if recipe.kind == "widget":
        first["device"] = _DEVICE
    if summary:
        first["summary"] = summary
    answer = await home.flow([entry_id, recipe.kind], first)
    if second and answer["type"] == "menu":
        answer = await _submit(home, answer, {"next_step_id": "fields"})
    while "title_length" not in (answer["description_placeholders"] or {}):
        answer = await _submit(home, answer, _filled(answer["data_schema"], second, ids))
    texts = answer["description_placeholders"]
    values = {field: _plain(texts[field]) for field in Field}
    return {field: int(value) if value.isdecimal() else value for field, value in values.items() if value}


def _values(recipe: Recipe, labels: Mapping[str, str], ids: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings of one step by their keys."""
    values: dict[str, Any] = {}
    for key, label in labels.items():
        if (value := recipe.settings.get(label)) is None:
            continue
        if key in _SEVERAL:
            values[key] = [ids[name] for name in value.split(", ")]
        elif value in _SWITCH:
            values[key] = _SWITCH[value]
        elif key == "for":
            values[key] = {"minutes": int(value.removesuffix(" minutes"))}
        elif key in _TIMES:
            values[key] = f"{value}:00"
        elif key == "weekday":
            values[key] = [day[:3].lower() for day in value.split(", ")]
        else:
            values[key] = ids.get(value, value)
    return values


def _filled(schema: list[dict[str, Any]], values: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form sends: the values, and what it suggests for everything else."""
    filled: dict[str, Any] = {}
    for field in schema:
        key = field["name"]
        suggested = field.get("description", {}).get("suggested_value", field.get("default"))
        if field.get("type") == "expandable":
            filled[key] = _filled(field["schema"], values, ids)
        elif key in values:
            filled[key] = values[key]
        elif "choose" in field["selector"] and suggested in ids.values():
            filled[key] = {"active_choice": "entity", "entity": suggested}
        elif suggested is not None:
            filled[key] = suggested
    return filled


async def _submit(home: HomeAssistantProcess, answer: Mapping[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    path = f"/api/config/config_entries/subentries/flow/{answer['flow_id']}"
    step: dict[str, Any] = await home.post(path, data)
    if step.get("errors"):
        raise HomeAssistantError(f"The form does not take {data}: {step['errors']}")
    return step


def _plain(text: str) -> str:
    """Return the value in a cell of the preview: without a note after it, and without the escapes of Markdown."""
    return re.sub(r"\\(.)", r"\1", text.partition(" (")[0]).replace("—", "")
