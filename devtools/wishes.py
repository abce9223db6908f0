"""Fifteen everyday wishes for a watch, each fulfilled by picking entities of the example home."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from playwright.async_api import expect

from devtools.browser import Frontend
from devtools.journey import Stop


@dataclass(frozen=True)
class Wish:
    """What a person wants to see, and the names of the entities to pick for it."""

    name: str
    entities: tuple[str, ...]

    @property
    def device(self) -> str:
        """Return the name of a device of its own; one with an underscore would be taken for the key of a text."""
        return self.name.replace("_", "-")


WISHES = (
    Wish("weather", ("Weather",)),
    Wish("windows", ("Windows",)),
    Wish("next_event", ("Family",)),
    Wish("washing_machine", ("Washing machine", "Wash progress")),
    Wish("car", ("Car battery", "Charger")),
    Wish("now_playing", ("Kitchen speaker",)),
    Wish("to_do", ("Shopping list",)),
    Wish("solar", ("PV power", "PV today")),
    Wish("waste_bin", ("Waste collection",)),
    Wish("alarm", ("Alarm",)),
    Wish("who_is_home", ("Home",)),
    Wish("low_battery", ("Batteries",)),
    Wish("timer", ("Oven",)),
    Wish("price", ("Electricity price",)),
    Wish("sunset", ("Sun",)),
)


async def pick(frontend: Frontend, wish: Wish, device: str) -> AsyncIterator[Stop]:
    """Go from the integration's page to the last step of a widget, for a device that is chosen already."""
    dialog = frontend.dialog
    await frontend.page.get_by_role("button", name="Add widget", exact=True).click()
    dialog.presses = 0
    await dialog.shows("What to show")
    for entity in wish.entities:
        await dialog.pick_entity("Entities", entity)
    yield Stop(f"{wish.name}_what", dialog.box)
    await dialog.submit("Next")
    await dialog.shows(f"What {device} will show")
    await expect(dialog.picture).to_be_visible()
    yield Stop(f"{wish.name}_preview", dialog.box)
    yield Stop(wish.name, dialog.picture)
