"""Home Assistant's dialog of a config flow, filled in as a person would."""

import asyncio

from playwright.async_api import Locator, Page, expect


class Dialog:
    """The dialog that leads through a flow: one form after another."""

    def __init__(self, page: Page) -> None:
        """Take the tab that shows it, now or later."""
        self.root = page.locator("dialog-data-entry-flow")
        self.box = self.root.get_by_role("dialog").first
        self._page = page

    @property
    def picture(self) -> Locator:
        """Return the picture that a step's text shows."""
        return self.root.locator("ha-markdown img")

    async def shows(self, title: str) -> None:
        """Wait for the step with this title."""
        await expect(self.root.get_by_text(title, exact=True).first).to_be_visible()

    async def type(self, **texts: str) -> None:
        """Fill in text boxes by their labels, written with underscores."""
        for label, text in texts.items():
            await self.root.get_by_role("textbox", name=label.replace("_", " ")).fill(text)

    async def write(self, **templates: str) -> None:
        """Fill in template editors by their labels."""
        for label, template in templates.items():
            await self.editor(label).fill(template)

    def editor(self, label: str) -> Locator:
        """Return the editable part of a template editor."""
        return self._selector("template", label).get_by_role("textbox")

    def source(self, label: str) -> Locator:
        """Return the choice of a field's source."""
        return self._selector("choose", label)

    def states(self, label: str) -> Locator:
        """Return the picker of states."""
        return self._selector("state", label)

    async def choose(self, option: str) -> None:
        """Choose from radio buttons."""
        await self.root.get_by_role("radio", name=option, exact=True).click()

    async def pick_entity(self, label: str, name: str) -> None:
        """Search an entity picker for a name, and take what is called exactly so."""
        await self._selector("entity", label).locator("ha-picker-field").last.click()
        choices = self.root.locator("ha-picker-combo-box")
        await choices.get_by_role("textbox").fill(name)
        await choices.get_by_text(name, exact=True).click()

    async def expand(self, section: str) -> None:
        """Open a section that is collapsed."""
        await self.root.get_by_role("button", name=section, exact=True).click()
        region = self.root.get_by_role("region", name=section)
        await expect(region).to_be_visible()
        # It opens slowly, and nothing in it has its room before.
        before = None
        while (box := await region.bounding_box()) != before:
            before = box
            await asyncio.sleep(0.2)

    async def submit(self, button: str = "Submit") -> None:
        """Press the button that sends the form."""
        await self.root.get_by_role("button", name=button, exact=True).click()

    async def finish(self) -> None:
        """Close the dialog that says that something was added."""
        # The dialog goes back in the browser's history when it has gone, which would undo what is opened too soon.
        async with self._page.expect_event("framenavigated"):
            await self.submit("Finish")
        await expect(self.root).to_be_hidden()

    async def go(self, option: str) -> None:
        """Choose from a menu."""
        await self.root.locator("step-flow-menu ha-list-item").filter(has_text=option).click()

    def _selector(self, kind: str, label: str) -> Locator:
        return self.root.locator(f"ha-selector-{kind}").filter(has=self._page.get_by_text(label, exact=True))
