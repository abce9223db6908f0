"""What the code of a custom integration says of its entities and of the integrations that it needs."""

import ast
from collections.abc import Iterable, Iterator

from homeassistant.const import Platform

_ALWAYS_THERE = {*Platform, "homeassistant", "persistent_notification", "system_health", "websocket_api"}
"""Integrations that hassfest lets others use without naming them."""


def with_device_class(code: Iterable[str]) -> set[str]:
    """Return the keys of entities whose description or class has a device class, and with it an icon."""
    return {
        ast.unparse(settings[name]).strip("'")
        for settings in map(dict, map(_settings, _nodes(code)))
        for name in ("key", "translation_key")
        if "device_class" in settings and name in settings
    }


def imported(code: Iterable[str]) -> set[str]:
    """Return the integrations that code imports from, and that the manifest has to name."""
    modules: set[str] = set()
    for node in _nodes(code):
        if isinstance(node, ast.ImportFrom):
            modules |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
    paths = [module.split(".") for module in modules if module.startswith("homeassistant.components.")]
    return {path[2] for path in paths} - _ALWAYS_THERE


def _nodes(code: Iterable[str]) -> Iterator[ast.AST]:
    for module in code:
        yield from ast.walk(ast.parse(module))


def _settings(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Give what a call is given by name, or what a class sets for its entities."""
    if isinstance(node, ast.Call):
        yield from ((word.arg, word.value) for word in node.keywords if word.arg)
    elif isinstance(node, ast.ClassDef):
        for line in node.body:
            if isinstance(line, ast.Assign):
                yield from ((ast.unparse(target).removeprefix("_attr_"), line.value) for target in line.targets)
