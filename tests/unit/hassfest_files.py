"""What hassfest, HACS and the quality scale ask of the files of a custom integration, and a little more.

The little more: every field of an action has a selector and an example, every icon is one that the frontend has, and
no rule of the quality scale is left to do.
"""

from importlib import resources
import json
from pathlib import Path
from typing import Any

from awesomeversion import AwesomeVersion, AwesomeVersionException, AwesomeVersionStrategy
import homeassistant
from homeassistant.helpers import config_validation as cv, selector
from homeassistant.util.yaml import load_yaml_dict
import voluptuous as vol

from .hassfest_texts import Texts, keyed

_CORE = Path(homeassistant.__file__).parent / "components"
_CORE_PAGES = "https://www.home-assistant.io/integrations"
_ICONS = {
    f"mdi:{icon['name']}"
    for icon in json.loads(resources.files("hass_frontend").joinpath("static", "mdi", "iconList.json").read_bytes())
}
_VERSIONS = [
    AwesomeVersionStrategy.CALVER,
    AwesomeVersionStrategy.SEMVER,
    AwesomeVersionStrategy.SIMPLEVER,
    AwesomeVersionStrategy.BUILDVER,
    AwesomeVersionStrategy.PEP440,
]


def version(value: str) -> str:
    """Check a version that Home Assistant can compare."""
    try:
        AwesomeVersion(value, ensure_strategy=_VERSIONS)
    except AwesomeVersionException as err:
        raise vol.Invalid(f"{value} is no version") from err
    return value


def secure(value: str) -> str:
    """Check the address of a page of ours."""
    if not cv.url(value).startswith("https://") or value.startswith(_CORE_PAGES):
        raise vol.Invalid(f"{value} is no secure page of ours")
    return value


def in_order(value: dict[str, Any]) -> dict[str, Any]:
    """Check the order of the manifest's keys: domain, name, then by the alphabet."""
    if list(value) != ["domain", "name", *sorted(value.keys() - {"domain", "name"})]:
        raise vol.Invalid("the keys are not in order")
    return value


def integration(value: str) -> str:
    """Check the name of an integration of Home Assistant's own."""
    if not (_CORE / value / "manifest.json").is_file():
        raise vol.Invalid(f"there is no integration {value}")
    return value


# An account at a cloud service is found by no discovery and needs no library, so the keys of these are left out.
MANIFEST = vol.All(
    vol.Schema(
        {
            vol.Required("domain"): cv.slug,
            vol.Required("name"): str,
            vol.Required("codeowners"): vol.All([vol.Match(r"^@[\w-]+(/[\w-]+)?$")], vol.Length(min=1)),
            vol.Required("config_flow"): True,
            vol.Required("documentation"): secure,
            vol.Required("integration_type"): vol.In(["device", "hub", "service"]),
            vol.Required("iot_class"): vol.In(["cloud_polling", "cloud_push"]),
            vol.Required("issue_tracker"): secure,
            vol.Required("version"): vol.All(str, version),
            vol.Optional("after_dependencies"): [integration],
            vol.Optional("dependencies"): [integration],
            vol.Optional("import_executor"): bool,
            vol.Optional("loggers"): [str],
            vol.Optional("quality_scale"): vol.In(["bronze", "silver", "gold", "platinum", "custom"]),
            vol.Optional("single_config_entry"): bool,
        }
    ),
    in_order,
)

HACS = vol.Schema(
    {
        vol.Required("name"): str,
        vol.Optional("content_in_root"): False,
        vol.Optional("country"): vol.Any(str, [str]),
        vol.Inclusive("filename", "release"): str,
        vol.Optional("hacs"): vol.All(str, version),
        vol.Optional("hide_default_branch"): bool,
        vol.Required("homeassistant"): vol.All(str, version),
        vol.Optional("persistent_directory"): str,
        vol.Optional("render_readme"): bool,
        vol.Inclusive("zip_release", "release"): bool,
    }
)


def given(value: Any) -> Any:
    """Check that a key has not been left empty."""
    if value is None:
        raise vol.Invalid("there is no value")
    return value


_FIELD = {
    vol.Required("example"): given,
    vol.Required("selector"): selector.validate_selector,
    vol.Optional("advanced"): bool,
    vol.Optional("default"): given,
    vol.Optional("required"): bool,
}
_FILTER = {
    vol.Exclusive("attribute", "filter"): {str: [str]},
    vol.Exclusive("supported_features", "filter"): [str],
}


def _fields(field: dict[Any, Any]) -> Any:
    section = {vol.Required("fields"): keyed(vol.Schema(field)), vol.Optional("collapsed"): bool}
    return keyed(vol.Any(vol.Schema(field), vol.Schema(section)))


# A filter looks at the entities of the target.
SERVICES = cv.schema_with_slug_keys(
    vol.Any(
        None,
        vol.Schema({vol.Optional("fields"): _fields(_FIELD)}),
        vol.Schema(
            {
                vol.Required("target"): vol.Any(None, selector.TargetSelector.CONFIG_SCHEMA),
                vol.Optional("fields"): _fields({**_FIELD, vol.Optional("filter"): _FILTER}),
            }
        ),
    )
)


def icon(value: str) -> str:
    """Check an icon of the frontend."""
    if value not in _ICONS:
        raise vol.Invalid(f"{value} is no icon")
    return value


def ascending(value: dict[str, str]) -> dict[str, str]:
    """Check that the lower ends of ranges are numbers in order."""
    ends = [float(end) for end in value]
    if ends != sorted(set(ends)):
        raise vol.Invalid("the ranges are not in order")
    return value


def distinct(value: dict[str, Any]) -> dict[str, Any]:
    """Check that no icon of a state or range is the default anyway."""
    if value.get("default") in {**value.get("state", {}), **value.get("range", {})}.values():
        raise vol.Invalid("an icon is the default anyway")
    return value


_ENTITY = {
    vol.Optional("default"): icon,
    vol.Optional("state"): keyed(icon),
    vol.Optional("range"): vol.All({str: icon}, ascending),
}
_FLOW = {"step": keyed({"sections": keyed(icon)})}

ICONS = vol.Schema(
    {
        vol.Optional("conditions"): keyed({vol.Required("condition"): icon}),
        vol.Optional("config"): _FLOW,
        vol.Optional("entity"): cv.schema_with_slug_keys(
            keyed(
                vol.All(
                    vol.Schema(
                        {**_ENTITY, vol.Optional("state_attributes"): keyed(vol.All(vol.Schema(_ENTITY), distinct))}
                    ),
                    distinct,
                )
            )
        ),
        vol.Optional("issues"): keyed({"fix_flow": _FLOW}),
        vol.Optional("options"): _FLOW,
        vol.Optional("services"): keyed({vol.Required("service"): icon, vol.Optional("sections"): keyed(icon)}),
        vol.Optional("triggers"): keyed({vol.Required("trigger"): icon}),
    }
)

# One of the integrations with the highest mark, whose list of rules is complete.
_RULES = load_yaml_dict(str(_CORE / "ntfy" / "quality_scale.yaml"))["rules"]

QUALITY_SCALE = vol.Schema(
    {
        vol.Required("rules"): {
            vol.Required(rule): vol.Any(
                "done",
                {vol.Required("status"): "done", vol.Required("comment"): str},
                {vol.Required("status"): "exempt", vol.Required("comment"): vol.All(str, vol.Match(r"\S"))},
            )
            for rule in _RULES
        }
    }
)


def names(entries: Texts) -> set[tuple[str, str]]:
    """Return the platform and key of every entity in texts or icons."""
    return {(platform, name) for platform, entities in entries.get("entity", {}).items() for name in entities}


def texts_of_actions(texts: Texts) -> list[tuple[str, str, str]]:
    """Return action, part and name of every field and section in texts or icons."""
    return [
        (action, part, name)
        for action, named in texts.get("services", {}).items()
        for part in ("fields", "sections")
        for name in named.get(part, {})
    ]


def parts_of_actions(actions: Texts) -> list[tuple[str, str, str]]:
    """Return action, part and name of every field and section that actions have."""
    found: list[tuple[str, str, str]] = []
    for action, described in actions.items():
        for name, value in ((described or {}).get("fields") or {}).items():
            found.append((action, "sections" if "fields" in value else "fields", name))
            found += [(action, "fields", inner) for inner in value.get("fields", {})]
    return found
