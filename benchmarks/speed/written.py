"""What the integration writes: files of accounts, and states of its entities, which are rows of a database."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers import entity_registry as er

from custom_components.pushover_glances import storage
from custom_components.pushover_glances.const import DOMAIN

from .home import Home


@dataclass
class Written:
    """The bytes of each file, the rows by entity, and the rows of new access tokens of images, which are not in those."""

    files: list[int] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)
    tokens: int = 0

    def count(self, event: Event[EventStateChangedData]) -> None:
        """Count a changed state."""
        entity_id, old, new = event.data["entity_id"], event.data["old_state"], event.data["new_state"]
        if entity_id.startswith("image.") and old is not None and new is not None and old.state == new.state:
            self.tokens += 1
        else:
            self.rows[entity_id] += 1


def entities_of(running: Home, domain: str = "") -> list[str]:
    """Return the entities of the integration, or those of one domain."""
    entries = er.async_get(running.hass).entities.values()
    return [entry.entity_id for entry in entries if entry.platform == DOMAIN and domain in ("", entry.domain)]


@contextmanager
def written(running: Home) -> Iterator[Written]:
    """Count what is written."""
    found, write, ours = Written(), storage.write_file, {*entities_of(running)}

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        if event.data["entity_id"] in ours:
            found.count(event)

    def counted(path: str, content: bytes) -> None:
        found.files.append(len(content))
        write(path, content)

    stop = running.hass.bus.async_listen(EVENT_STATE_CHANGED, changed)
    try:
        with patch.object(storage, "write_file", counted):
            yield found
    finally:
        stop()
