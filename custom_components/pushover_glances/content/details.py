"""The details of entities: what is worked out of an entity instead of showing its state or an attribute."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, State, callback

from ..pushover import NUMBER_FIELDS, Field
from .entity_details import temperature_and_condition
from .entity_facts import EntityFacts, entity_facts
from .forecast_details import has_forecast, low_and_high, rain_chance, tomorrow
from .rendering import SourceResult
from .source import EntitySource
from .todo_details import items_left, next_due, next_item

type _Fits = Callable[[EntityFacts], bool]
type _Read = Callable[[HomeAssistant, Sequence[State]], SourceResult]


@dataclass(frozen=True, slots=True)
class Detail:
    """A detail: which entities have it, how it is read from their states, and which fields it is for.

    It is read while at least one of the entities exists and is available; it may have no value all the same.
    """

    fits: _Fits
    read: _Read
    in_texts: bool = True
    in_numbers: bool = False
    of_several: bool = False

    def is_for(self, name: Field) -> bool:
        """Return whether a field can show it."""
        return self.in_numbers if name in NUMBER_FIELDS else self.in_texts


@callback
def details_for(hass: HomeAssistant, name: Field, source: EntitySource) -> list[str]:
    """Return the details that a field can show of the entities of a source."""
    facts = [entity_facts(hass, entity_id) for entity_id in source.entity_ids]
    return [
        key
        for key, detail in DETAILS.items()
        if detail.is_for(name) and (len(facts) == 1 or detail.of_several) and all(map(detail.fits, facts))
    ]


def _of(*domains: str) -> _Fits:
    return lambda facts: facts.domain in domains


DETAILS: Mapping[str, Detail] = {
    "temperature_and_condition": Detail(_of(Platform.WEATHER), temperature_and_condition),
    "rain_chance": Detail(has_forecast, rain_chance, in_numbers=True),
    "low_and_high": Detail(has_forecast, low_and_high),
    "tomorrow": Detail(has_forecast, tomorrow),
    "items_left": Detail(_of(Platform.TODO), items_left),
    "next_item": Detail(_of(Platform.TODO), next_item),
    "next_due": Detail(_of(Platform.TODO), next_due),
}
