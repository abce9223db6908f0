"""The way of a person through the integration's pages, with a stop wherever there is something to look at."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
import re

from playwright.async_api import Locator, Page, expect

from devtools.browser import Frontend
from emulator import Emulator
from emulator.world import EXAMPLE_TOKEN, EXAMPLE_USER

NAME = "Pushover Glances"
DOOR = "Garage door"
# What an alert is called that watches it: its entity, and the state that counts.
ALERT = f"{DOOR}: Open"


@dataclass(frozen=True)
class Stop:
    """A place on the way: its name, and what is to be looked at."""

    name: str
    shown: Locator

    @property
    def page(self) -> Page:
        """The tab that shows it."""
        return self.shown.page


async def add_account(frontend: Frontend) -> AsyncIterator[Stop]:
    """Add the account, from the start page to the widget's first form."""
    dialog = frontend.dialog
    await frontend.add_integration(NAME)
    await dialog.shows("Connect to Pushover")
    await dialog.type(API_token=EXAMPLE_TOKEN, User_key=EXAMPLE_USER)
    yield Stop("account", dialog.box)
    await dialog.submit()


async def add_widget(frontend: Frontend, device: str, *entities: str) -> AsyncIterator[Stop]:
    """Go through the widget's forms, beginning with the first that is there already."""
    dialog = frontend.dialog
    await dialog.shows("What to show")
    await dialog.choose(device)
    for entity in entities:
        await dialog.pick_entity("Entities", entity)
    yield Stop("widget_what", dialog.box)
    await dialog.submit("Next")
    if entities:
        await dialog.shows(f"What {device} will show")
        await dialog.go("Change the fields")
    await dialog.shows(f"What {device} shows")
    await expect(dialog.picture).to_be_visible()
    for entity in entities:
        await expect(dialog.root).to_contain_text(entity)
    yield Stop("widget_fields", dialog.box)
    await dialog.expand("Delivery")
    yield Stop("widget_delivery", dialog.box)
    await dialog.submit("Next")
    if entities:
        await dialog.shows(f"How {device} shows the entities")
        for entity in entities:
            await dialog.expand(f"Text: {entity}")
        yield Stop("widget_entities", dialog.box)
        await dialog.submit("Next")
    await dialog.shows(f"What {device} will show")
    await expect(dialog.picture).to_be_visible()
    yield Stop("widget_preview", dialog.box)
    await dialog.go("Save")
    await expect(dialog.root).to_contain_text("on the active face")
    yield Stop("widget_end", dialog.box)
    await dialog.finish()


async def add_another_widget(frontend: Frontend, device: str, *entities: str) -> AsyncIterator[Stop]:
    """Add a widget to the account that is there."""
    await frontend.open_integration()
    await frontend.page.get_by_role("button", name="Add widget", exact=True).click()
    async for stop in add_widget(frontend, device, *entities):
        yield stop


async def add_alert(frontend: Frontend, entity: str, state: str) -> AsyncIterator[Stop]:
    """Add an alert to the account that is there, as it is filled in."""
    dialog = frontend.dialog
    await frontend.open_integration()
    await frontend.page.get_by_role("button", name="Add alert", exact=True).click()
    await dialog.shows("What to watch")
    await dialog.pick_entity("Entities", entity)
    yield Stop("alert_what", dialog.box)
    await dialog.submit("Next")
    await dialog.shows("When, and what to show")
    await expect(dialog.states("States")).to_contain_text(state)
    await expect(dialog.editor("Text")).to_contain_text(re.compile(state, re.IGNORECASE))
    yield Stop("alert", dialog.box)
    await dialog.submit("Next")
    await dialog.shows("What the alert will show")
    await expect(dialog.picture.first).to_be_visible()
    yield Stop("alert_preview", dialog.box)
    await dialog.go("Save")
    await dialog.shows(f"Created configuration for {entity}: {state}.")
    await dialog.finish()


async def add_partner(
    frontend: Frontend, account: str, user_key: str, device: str, original: str
) -> AsyncIterator[Stop]:
    """Add an account of another person who uses the application of an account, with a copy of one of its widgets."""
    dialog = frontend.dialog
    await frontend.page.get_by_role("button", name="Add service", exact=True).click()
    dialog.presses = 1
    await dialog.shows("Use keys that Home Assistant has")
    await dialog.choose(f"Application of {account}")
    yield Stop("partner_keys", dialog.box)
    await dialog.submit()
    await dialog.shows("Another person")
    await dialog.type(User_key=user_key)
    yield Stop("partner_key", dialog.box)
    await dialog.submit()
    await dialog.shows("What to show")
    await dialog.choose(device)
    await dialog.select("Begin as a copy of", f"{original} ({account})")
    yield Stop("partner_widget", dialog.box)
    await dialog.submit("Next")
    await dialog.shows(f"What {device} will show")
    await expect(dialog.picture).to_be_visible()
    yield Stop("partner_preview", dialog.box)
    await dialog.go("Save")
    await expect(dialog.root).to_contain_text("on the active face")
    await dialog.finish()


async def add_page(frontend: Frontend, entity: str, begin: int, end: int) -> AsyncIterator[Stop]:
    """Add a page that shows an entity between two hours, from the integration's page on."""
    dialog = frontend.dialog
    await frontend.page.get_by_role("button", name="Add page", exact=True).click()
    await dialog.shows("What to show")
    await dialog.pick_entity("Entities", entity)
    yield Stop("page_what", dialog.box)
    await dialog.submit("Next")
    await dialog.shows("When the page applies")
    await dialog.enter_time("From", begin)
    await dialog.enter_time("Until", end)
    yield Stop("page_when", dialog.box)
    await dialog.submit("Next")
    await expect(dialog.picture.first).to_be_visible()
    yield Stop("page_preview", dialog.box)
    await dialog.go("See another moment")
    await dialog.shows("Widgets at another moment")
    await expect(dialog.picture.first).to_be_visible()
    yield Stop("page_moment", dialog.box)
    await dialog.submit("Show")
    await expect(dialog.picture.first).to_be_visible()
    # A person need not look at another moment.
    dialog.presses -= 2
    await dialog.go("Save")
    await dialog.finish()


async def see_alert(frontend: Frontend, alert: str, state: str) -> AsyncIterator[Stop]:
    """Open the page of an alert's device, which says whether it is active."""
    shown = await frontend.open_device(alert)
    await expect(shown.locator("ha-device-entities-card").filter(has_text=re.compile(rf"\b{state}\b"))).to_be_visible()
    yield Stop("alert_device", shown)


def device_name(device: str) -> str:
    """Return what Home Assistant calls the device of a widget."""
    return f"{device} glance"


async def see_device(frontend: Frontend, device: str) -> AsyncIterator[Stop]:
    """Open the page of a widget's device."""
    shown = await frontend.open_device(device_name(device))
    for entity in ("Watch faces", "Status", "Last sent", "Updates left today", "Problem", "Refresh", "Follow entities"):
        await expect(shown.get_by_text(entity, exact=True).first).to_be_visible()
    yield Stop("device", shown)


async def see_image(frontend: Frontend, device: str) -> AsyncIterator[Stop]:
    """Open the picture of a widget's watch faces."""
    shown = await frontend.open_device(device_name(device))
    await shown.get_by_text("Watch faces", exact=True).first.click()
    more = frontend.page.locator("ha-more-info-dialog")
    picture = more.locator("img[src*='image_proxy']")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.naturalWidth") > 0
    yield Stop("image", more.get_by_role("dialog").first)


async def call_action(frontend: Frontend, action: str, **texts: str) -> AsyncIterator[Stop]:
    """Call an action in the developer tools."""
    yield Stop("action", await frontend.choose_action(action, **texts))
    yield Stop("action_response", await frontend.perform_action())


async def see_faces(page: Page, device: str) -> AsyncIterator[Stop]:
    """Look at the watch faces of a device on the emulator's page."""
    faces = face_of(page, device).locator(".faces")
    await expect(faces).to_be_visible()
    yield Stop("faces", faces)


def face_of(page: Page, device: str) -> Locator:
    """Return a device's part of the emulator's page."""
    return page.locator("article").filter(has=page.get_by_role("heading", name=device))


async def see_repair(frontend: Frontend, emulator: Emulator, device: str) -> AsyncIterator[Stop]:
    """Take a widget's device out of the Pushover account, look at what the repair says, and at the form that it opens."""
    del emulator.world.users[EXAMPLE_USER].devices[device]
    (account,) = await frontend.home.get("/api/config/config_entries/entry?domain=pushover_glances")
    await frontend.home.post(f"/api/config/config_entries/entry/{account['entry_id']}/reload")
    await frontend.open("/config/repairs")
    await frontend.page.get_by_text(f"The device of widget {device} is gone", exact=True).click()
    dialog = frontend.dialog
    await expect(dialog.root).to_contain_text(device)
    yield Stop("repair", dialog.box)
    await dialog.submit("Reconfigure")
    await dialog.shows("What to show")
    yield Stop("repair_form", dialog.box)
    await dialog.close()
