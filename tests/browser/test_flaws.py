"""What the other tests here look for on every page is found where it is."""

from playwright.async_api import Browser
import pytest

from devtools.browser import find_flaws

pytestmark = pytest.mark.slow

_LONG = "Washing machine done, and the dryer, too"
_ELLIPSIS = "width: 8em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap"
_SHADOW = "<div><template shadowrootmode=open><p>component.pushover_glances.title</p></template></div>"


@pytest.mark.parametrize(
    ("page", "flaws"),
    [
        ("<p>Delivery</p>", []),
        ("<p>component.pushover_glances.config.step.user.title</p>", ["raw key"]),
        (_SHADOW, ["raw key"]),
        ("<div style='display: contents'><p>component.pushover_glances.title</p></div>", ["raw key"]),
        ("<label>user_key*</label>", ["raw key"]),
        ("<p>Pushover refuses the widget {widget}</p>", ["raw key"]),
        ("<p hidden>component.pushover_glances.title</p>", []),
        ("<code>{{ states.sensor.kitchen.state }}</code>", []),
        (f"<div style='width: 8em; overflow: hidden; white-space: nowrap'>{_LONG}</div>", ["cut text"]),
        (f"<div style='width: 8em; overflow: hidden'><p style='width: 20em'>{_LONG}</p></div>", ["cut text"]),
        (f"<div style='height: 1.5em; width: 8em; overflow: hidden'>{_LONG}</div>", ["cut text"]),
        (
            f"<div style='width: 8em; overflow: hidden; text-overflow: ellipsis; white-space: pre'>{_LONG}</div>",
            ["cut text"],
        ),
        (
            f"<div><template shadowrootmode=open><p style='{_ELLIPSIS}'><slot></slot></p></template>{_LONG}</div>",
            ["cut text"],
        ),
        (f"<div style='width: 8em; overflow: auto; white-space: nowrap'>{_LONG}</div>", []),
        (f"<div style='width: 8em; height: 0; overflow: hidden'>{_LONG}</div>", []),
    ],
    ids=[
        "text",
        "key of a translation",
        "key in a shadow tree",
        "key in what has no box",
        "name of a field",
        "placeholder",
        "key that is hidden",
        "code",
        "cut at the side",
        "cut by what is around it",
        "cut below",
        "ellipsis",
        "ellipsis around a slot",
        "text that scrolls",
        "section that is collapsed",
    ],
)
async def test_flaw_is_found(browser: Browser, page: str, flaws: list[str]) -> None:
    """Raw keys and cut texts are distinguished from what is as it should be."""
    tab = await browser.new_page()
    await tab.set_content(page)
    assert [flaw.kind for flaw in await find_flaws(tab.locator("body"))] == flaws
