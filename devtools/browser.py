"""A real browser on a real Home Assistant: logs in, opens pages, and hears what the browser complains about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
import os
from pathlib import Path
import re
from typing import Self

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, async_playwright, expect

from devtools.dialog import Dialog
from devtools.hass import PASSWORD, USERNAME, HomeAssistantProcess

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# In milliseconds: the first page of a Home Assistant takes some seconds while two cores are busy.
_PATIENCE = 20_000
expect.set_options(timeout=_PATIENCE)
# Brand icons of other integrations come from the internet; where there is none, Home Assistant answers with 404.
_FOREIGN = re.compile(r"/api/brands/integration/(?!pushover_glances/)|/favicon\.ico$")
_WALK = Path(__file__).with_name("browser.js").read_text(encoding="utf-8")


class BrowserError(Exception):
    """There is no browser to start."""


@dataclass(frozen=True)
class Look:
    """How a page is looked at: the size of its window in CSS pixels, the theme, and image pixels per CSS pixel."""

    width: int = 1280
    height: int = 900
    dark: bool = False
    scale: float = 1

    @classmethod
    def phone(cls, *, dark: bool = False) -> Self:
        """Look at it on a phone (the size of an iPhone 14)."""
        return cls(390, 844, dark)


@dataclass(frozen=True)
class Flaw:
    """What a reader would stumble over: a translation's raw key, or a text that its box cuts."""

    kind: str
    text: str
    where: str


async def find_flaws(shown: Locator) -> list[Flaw]:
    """Find raw keys and cut texts in what is shown, shadow trees included."""
    return [Flaw(**item) for item in await shown.evaluate(_WALK)]


@asynccontextmanager
async def start_chromium() -> AsyncIterator[Browser]:
    """Start the browser that CHROMIUM names; `ensure_chromium` of scripts/common.sh sets it."""
    executable = os.environ.get("CHROMIUM")
    if not executable:
        raise BrowserError("CHROMIUM names no browser; scripts/test --all and scripts/screenshots find or install one")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(_FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


class Frontend:
    """Home Assistant's frontend in a tab, and other tabs beside it."""

    def __init__(self, context: BrowserContext, page: Page, home: HomeAssistantProcess) -> None:
        """Take an empty tab."""
        self.page = page
        self.home = home
        self.dialog = Dialog(page)
        self.complaints: list[str] = []
        self._context = context
        self._listen(page)

    async def log_in(self) -> None:
        """Log in by the form."""
        await self.page.goto(self.home.url)
        await self.page.get_by_role("textbox", name="Username").fill(USERNAME)
        await self.page.get_by_role("textbox", name="Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Log in").click()
        await expect(self.page.get_by_role("button", name="Sidebar toggle")).to_be_visible()

    async def look(self, look: Look) -> None:
        """Look at what is open in another way; the scale stays."""
        await self.page.set_viewport_size({"width": look.width, "height": look.height})
        await self.page.emulate_media(color_scheme="dark" if look.dark else "light")
        await self.page.wait_for_load_state("networkidle")

    async def open(self, path: str) -> Page:
        """Open a page of Home Assistant by its path."""
        # A tab in the background draws its pages late.
        await self.page.bring_to_front()
        await self.page.goto(f"{self.home.url}{path}")
        return self.page

    async def open_beside(self, url: str) -> Page:
        """Open any page in another tab."""
        tab = await self._context.new_page()
        self._listen(tab)
        await tab.goto(url)
        return tab

    async def add_integration(self, name: str) -> None:
        """Go from the start page to an integration's first form, as a person would."""
        settings = self.page.get_by_role("link", name="Settings")
        if not await settings.is_visible():
            await self.page.get_by_role("button", name="Sidebar toggle").click()
        await settings.click()
        await self.page.get_by_text("Devices & services", exact=True).click()
        await self.page.get_by_role("button", name="Add integration").click()
        choice = self.page.locator("dialog-add-integration")
        await choice.get_by_role("textbox").fill(name)
        await choice.get_by_text(name, exact=True).click()

    async def open_integration(self) -> None:
        """Open the integration's own page."""
        await self.open("/config/integrations/integration/pushover_glances")

    async def open_device(self, name: str) -> Locator:
        """Open the page of a widget's or an alert's device by its row on the integration's page."""
        await self.open_integration()
        rows = self.page.locator("ha-config-sub-entry-row ha-config-entry-device-row")
        await rows.filter(has=self.page.get_by_text(name, exact=True)).click()
        page = self.page.locator("ha-config-device-page")
        await expect(page.get_by_text("by Pushover", exact=True)).to_be_visible()
        return page.locator(".container").first

    async def choose_action(self, action: str, **texts: str) -> Locator:
        """Choose an action in the developer tools, and fill in fields by their labels."""
        await self.open("/config/tools/action")
        form = self.page.locator("ha-service-control")
        await form.locator("ha-picker-field").first.click()
        choices = form.locator("ha-picker-combo-box")
        await choices.get_by_role("textbox").fill(action)
        await choices.get_by_text(action, exact=True).click()
        for label, text in texts.items():
            row = form.locator("ha-settings-row").filter(has=self.page.get_by_text(label, exact=True))
            await row.locator("ha-checkbox").click()
            await row.get_by_role("textbox").fill(text)
        return self.page.locator("ha-card").filter(has=form)

    async def perform_action(self) -> Locator:
        """Perform the action that is chosen, and return its response's editor."""
        await self.page.get_by_role("button", name="Perform action").click()
        response = self.page.locator("ha-card").filter(has_text="Response").locator("ha-code-editor")
        await expect(response).to_be_visible()
        return response

    def _listen(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", self._catch)

    def _catch(self, error: Error) -> None:
        # What the list of integrations rejects its promises with when its dialog goes.
        if error.message != "disconnected":
            self.complaints.append(error.message)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _FOREIGN.search(message.location["url"]):
            # Without the token that some addresses carry.
            self.complaints.append(f"{message.text} ({message.location['url'].partition('?')[0]})")


@asynccontextmanager
async def open_frontend(browser: Browser, home: HomeAssistantProcess, look: Look) -> AsyncIterator[Frontend]:
    """Open a tab of its own on Home Assistant, and log in."""
    context = await browser.new_context(
        viewport={"width": look.width, "height": look.height},
        device_scale_factor=look.scale,
        color_scheme="dark" if look.dark else "light",
        # Nothing on a picture moves.
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Berlin",
    )
    context.set_default_timeout(_PATIENCE)
    try:
        frontend = Frontend(context, await context.new_page(), home)
        await frontend.log_in()
        yield frontend
    finally:
        await context.close()
