"""What hassfest, Home Assistant's check of integrations, asks of the texts of a custom integration, and a little more.

The little more: no text is blank, none refers to another with `[%key:...%]` (which works in Home Assistant's own
integrations only), and the descriptions of fields within sections belong to fields, too.
"""

from collections.abc import Callable, Iterator, Mapping
import re
import string
from typing import Any

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

type Texts = Mapping[str, Any]

_KEY = re.compile(r"^(?!.+[_-]{2})(?![_-])[a-z0-9-_]+(?<![_-])$")
_URL = re.compile(
    r"(((ftp|ftps|scp|http|https|mqtt|mqtts|socket|socks5):\/\/|www\.)"
    r"[a-z0-9]+([\-\.]{1}[a-z0-9]+)*\.[a-z]{2,5}(:[0-9]{1,5})?(\/.*)?)",
    re.IGNORECASE,
)
_LONG = 40
"""Characters above which a text is a sentence, and not a name that two languages may share."""


def key(value: str) -> str:
    """Check a key of a text."""
    if _KEY.match(value) is None:
        raise vol.Invalid(f"{value} is no translation key")
    return value


def placeholders(value: str) -> set[str]:
    """Return the names between the braces of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}


def text(value: Any) -> str:
    """Check a text that people read."""
    words = str(cv.string_with_no_html(value))
    faults = {
        "the text is blank": not words.strip(),
        "there is a blank at an end": words != words.strip(),
        "there is a URL: use a placeholder": _URL.search(words),
        "there is a reference": re.search(r"\[%|%\]", words),
        # To the frontend, an apostrophe before a brace begins a quotation: the placeholder would be shown as it is.
        "there is an apostrophe before a placeholder": "'{" in words,
        "a placeholder is no identifier": not all(name.isidentifier() for name in placeholders(words)),
    }
    for fault, found in faults.items():
        if found:
            raise vol.Invalid(fault)
    return words


def plain(value: Any) -> str:
    """Check a text that Home Assistant shows as it is."""
    if placeholders(text(value)):
        raise vol.Invalid("there cannot be a placeholder here")
    return str(value)


def keyed(values: Any) -> Callable[..., Any]:
    """Return the schema of a mapping from translation keys."""
    return cv.schema_with_slug_keys(values, slug_validator=key)


def described(value: dict[str, Any]) -> dict[str, Any]:
    """Check that only fields have the description of a field."""
    fields = value.get("data", {})
    for name in value.get("data_description", {}):
        if name not in fields:
            raise vol.Invalid(f"data_description {name} is not in data")
    return value


_FIELDS = {vol.Optional("data"): keyed(text), vol.Optional("data_description"): keyed(text)}
_SECTION = vol.All(
    vol.Schema({**_FIELDS, vol.Optional("name"): text, vol.Optional("description"): text}),
    described,
)
_STEP = vol.All(
    vol.Schema(
        {
            **_FIELDS,
            vol.Optional("title"): text,
            vol.Optional("description"): text,
            vol.Optional("menu_options"): keyed(text),
            vol.Optional("menu_option_descriptions"): keyed(text),
            vol.Optional("submit"): text,
            vol.Optional("sections"): keyed(_SECTION),
        }
    ),
    described,
)
_FLOW = {
    vol.Optional("flow_title"): text,
    vol.Required("step"): keyed(_STEP),
    vol.Optional("error"): keyed(text),
    vol.Optional("abort"): keyed(text),
    vol.Optional("progress"): keyed(text),
    vol.Optional("create_entry"): keyed(text),
}
_CONFIG_FLOW = vol.Schema({**_FLOW, vol.Optional("initiate_flow"): {vol.Required("user"): text}})
_SUBENTRY_FLOW = vol.Schema(
    {
        **_FLOW,
        vol.Required("entry_type"): text,
        vol.Required("initiate_flow"): vol.All(keyed(text), cv.has_at_least_one_key("user")),
    }
)
_ISSUE = vol.All(
    cv.has_at_least_one_key("description", "fix_flow"),
    vol.Schema(
        {
            vol.Required("title"): text,
            vol.Exclusive("description", "fixable"): text,
            vol.Exclusive("fix_flow", "fixable"): vol.Schema(_FLOW),
        }
    ),
)
_SELECTOR = {
    vol.Optional("options"): keyed(text),
    vol.Optional("choices"): keyed(text),
    vol.Optional("unit_of_measurement"): keyed(text),
    vol.Optional("fields"): keyed({vol.Required("name"): text, vol.Required("description"): text}),
}
_ENTITY = {
    vol.Optional("name"): text,
    vol.Optional("state"): keyed(plain),
    vol.Optional("state_attributes"): keyed({vol.Optional("name"): plain, vol.Optional("state"): keyed(plain)}),
    vol.Optional("unit_of_measurement"): plain,
}
_NAMED: dict[Any, Any] = {vol.Required("name"): text, vol.Required("description"): text}
_NAMED_WITH_FIELDS: dict[Any, Any] = {
    **_NAMED,
    vol.Optional("fields"): keyed({**_NAMED, vol.Optional("example"): text}),
    vol.Optional("sections"): keyed({vol.Required("name"): text, vol.Optional("description"): text}),
}

TEXTS = vol.Schema(
    {
        vol.Optional("title"): text,
        vol.Optional("common"): keyed(text),
        vol.Optional("conditions"): keyed(_NAMED_WITH_FIELDS),
        vol.Optional("config"): _CONFIG_FLOW,
        vol.Optional("config_subentries"): cv.schema_with_slug_keys(_SUBENTRY_FLOW),
        vol.Optional("device"): keyed({vol.Required("name"): text}),
        vol.Optional("entity"): cv.schema_with_slug_keys(keyed(_ENTITY)),
        vol.Optional("exceptions"): cv.schema_with_slug_keys({vol.Required("message"): text}),
        vol.Optional("issues"): keyed(_ISSUE),
        vol.Optional("options"): vol.Schema(_FLOW),
        vol.Optional("selector"): cv.schema_with_slug_keys(_SELECTOR),
        vol.Optional("services"): keyed(_NAMED_WITH_FIELDS),
        vol.Optional("system_health"): {vol.Optional("info"): keyed(text)},
        vol.Optional("triggers"): keyed(_NAMED_WITH_FIELDS),
    }
)


def leaves(texts: Texts, path: str = "") -> Iterator[tuple[str, str]]:
    """Give every text, with the dotted path of its keys."""
    for name, value in texts.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def differences(english: Texts, other: Texts) -> list[str]:
    """Return what another language lacks, has too much, or fills in differently."""
    ours, theirs = dict(leaves(english)), dict(leaves(other))
    return [
        *(f"missing: {path}" for path in sorted(ours.keys() - theirs.keys())),
        *(f"unknown: {path}" for path in sorted(theirs.keys() - ours.keys())),
        *(
            f"other placeholders: {path}"
            for path in sorted(ours.keys() & theirs.keys())
            if placeholders(ours[path]) != placeholders(theirs[path])
        ),
    ]


def untranslated(english: Texts, other: Texts) -> list[str]:
    """Return the sentences that another language has in English."""
    theirs = dict(leaves(other))
    return [path for path, value in leaves(english) if len(value) > _LONG and theirs.get(path) == value]
