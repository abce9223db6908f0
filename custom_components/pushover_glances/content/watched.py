"""What an alert watches: named entities or a target, and of them the state or an attribute."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, CONF_ATTRIBUTE, CONF_ENTITIES, CONF_TARGET, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, State, callback

from .attribute_unit import shown_unit, shown_value
from .entity_facts import EntityFacts, entity_facts
from .entity_key import entity_ids_of, key_of
from .kinds import KINDS, Kind
from .no_value import NO_STATE
from .target import Target, members_of


@dataclass(frozen=True, slots=True)
class Watched:
    """The entities of an alert: those that are named by their keys, or else those of a `target`.

    The `attribute` of each counts instead of its state, if it is set.
    """

    keys: tuple[str, ...] = ()
    target: Target | None = None
    attribute: str | None = None

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read the data of an alert."""
        target = Target.from_stored(data[CONF_TARGET]) if CONF_TARGET in data else None
        return cls(tuple(data.get(CONF_ENTITIES, ())), target, data.get(CONF_ATTRIBUTE))

    def data(self) -> dict[str, Any]:
        """Return it as the data of an alert has it."""
        target = {} if self.target is None else {CONF_TARGET: self.target.stored()}
        attribute = {} if self.attribute is None else {CONF_ATTRIBUTE: self.attribute}
        return {CONF_ENTITIES: [*self.keys], **target, **attribute}

    @property
    def kind(self) -> Kind | None:
        """Return the kind of the entities of the target."""
        return None if self.target is None else KINDS.get(self.target.kind)

    @callback
    def current_keys(self, hass: HomeAssistant) -> tuple[str, ...]:
        """Return the keys of the entities at the moment."""
        if self.target is None:
            return self.keys
        return tuple([key_of(hass, entity_id) for entity_id in members_of(hass, self.target)])

    @callback
    def entity_ids(self, hass: HomeAssistant) -> list[str]:
        """Return the current ids of the entities, each once."""
        return list(dict.fromkeys(entity_ids_of(hass, self.current_keys(hass))))

    @callback
    def state_of(self, hass: HomeAssistant, state: State | None) -> State | None:
        """Return the state of an entity, or the attribute in the form of a state."""
        if state is None or self.attribute is None or state.state == STATE_UNAVAILABLE:
            return state
        if (value := state.attributes.get(self.attribute)) is None and state.state in NO_STATE:
            return state
        unit = shown_unit(hass, state.domain, self.attribute, state.attributes)
        return State(
            state.entity_id,
            _text(shown_value(state.domain, self.attribute, value)),
            {} if unit is None else {ATTR_UNIT_OF_MEASUREMENT: unit},
            # An attribute changes without the state.
            last_changed=state.last_updated,
            last_updated=state.last_updated,
            validate_entity_id=False,
        )

    @callback
    def facts_of(self, hass: HomeAssistant, entity_id: str) -> EntityFacts:
        """Return what is known of an entity; of the attribute instead of the state, if one is watched."""
        facts = entity_facts(hass, entity_id)
        if self.attribute is None or (state := self.state_of(hass, hass.states.get(entity_id))) is None:
            return facts
        return replace(facts, state=state.state, attributes=state.attributes)


def _text(value: Any) -> str:
    """Return an attribute as the state picker of Home Assistant's frontend has it; one that is not there is empty."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
