"""Home Assistant's dialog of a config flow, filled in as a person would."""

import asyncio
import re

from playwright.async_api import Locator, Page, expect


class Dialog:
    """The dialog that leads through a flow: one form after another.

    `presses` is how often something was pressed in it since it was set to 0, with a search counted as one press, and so
    the text of each box.
    """

    def __init__(self, page: Page) -> None:
        """Take the tab that shows it, now or later."""
        self.presses = 0
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
            await self._fill(self.root.get_by_role("textbox", name=label.replace("_", " ")), text)

    async def write(self, **templates: str) -> None:
        """Fill in template editors by their labels."""
        for label, template in templates.items():
            await self._fill(self.editor(label), template)

    def editor(self, label: str) -> Locator:
        """Return the editable part of a template editor."""
        return self._selector("template", label).get_by_role("textbox")

    def states(self, label: str) -> Locator:
        """Return the picker of states."""
        return self._selector("state", label)

    async def choose(self, option: str) -> None:
        """Choose from radio buttons."""
        await self._press(self.root.get_by_role("radio", name=option, exact=True))

    async def select(self, label: str, option: str) -> None:
        """Choose from a drop-down list."""
        picker = self._selector("select", label)
        await self._press(picker.locator("ha-picker-field, ha-select").first)
        await self._press(self._page.get_by_text(option, exact=True).last)

    async def pick_entity(self, label: str, name: str) -> None:
        """Search an entity picker for a name, and take what is called exactly so."""
        # The button adds an entity to others.
        await self._press(self._selector("entity", label).locator("ha-picker-field, ha-button").last)
        choices = self.root.locator("ha-picker-combo-box")
        await self._fill(choices.get_by_role("textbox"), name)
        await self._press(choices.locator("[slot=headline]").get_by_text(name, exact=True))

    async def enter_time(self, label: str, hour: int) -> None:
        """Enter a full hour; the boxes of the minutes and the seconds fill in by themselves."""
        await self._fill(self._selector("time", label).locator("input").first, str(hour))

    async def pick_label(self, label: str, name: str) -> None:
        """Take a label from the list, which is short."""
        await self._press(self._selector("label", label).get_by_role("button").first)
        choices = self.root.locator("ha-picker-combo-box")
        await self._press(choices.locator("[slot=headline]").get_by_text(name, exact=True))

    async def add_state_condition(self, label: str, entity: str, state: str) -> None:
        """Add the condition that an entity has a state, as in the editor of automations."""
        editor = self._selector("condition", label)
        await self._press(editor.get_by_role("button", name="Add condition"))
        choices = self._page.locator("add-automation-element-dialog")
        await self._fill(choices.get_by_role("textbox"), entity)
        await self._press(choices.get_by_text(entity, exact=True).first)
        await self._press(choices.get_by_text(re.compile(r"^\s*State\b")).first)
        await self._press(editor.locator("ha-selector-state ha-picker-field"))
        await self._press(editor.locator("[slot=headline]").get_by_text(state, exact=True))

    async def expand(self, section: str) -> None:
        """Open a section that is collapsed."""
        await self._press(self.root.get_by_role("button", name=section, exact=True))
        region = self.root.get_by_role("region", name=section)
        await expect(region).to_be_visible()
        # It opens slowly, and nothing in it has its room before.
        before = None
        while (box := await region.bounding_box()) != before:
            before = box
            await asyncio.sleep(0.2)

    async def submit(self, button: str = "Submit") -> None:
        """Press the button that sends the form."""
        await self._press(self.root.get_by_role("button", name=button, exact=True))

    async def finish(self) -> None:
        """Close the dialog that says that something was added."""
        # The dialog goes back in the browser's history when it has gone, which would undo what is opened too soon.
        async with self._page.expect_event("framenavigated"):
            await self.submit("Finish")
        await expect(self.root).to_be_hidden()

    async def close(self) -> None:
        """Leave the flow without an end."""
        await self._press(self.root.get_by_role("button", name="Close", exact=True))
        await expect(self.root).to_be_hidden()

    async def go(self, option: str) -> None:
        """Choose from a menu."""
        await self._press(self.root.locator("step-flow-menu ha-list-item").filter(has_text=option))

    async def _press(self, target: Locator) -> None:
        await target.click()
        self.presses += 1

    async def _fill(self, box: Locator, text: str) -> None:
        await box.fill(text)
        self.presses += 1

    def _selector(self, kind: str, label: str) -> Locator:
        return self.root.locator(f"ha-selector-{kind}").filter(has=self._page.get_by_text(label, exact=True))
