"""What a glance, a device's name or a request contains is words on the emulator's page, and nothing else."""

from playwright.async_api import Browser
import pytest

from emulator import Device, Emulator, User
from emulator.world import Call

pytestmark = pytest.mark.slow

_MARKUP = "<img src=x onerror='document.title=1'></span><script>document.title=2</script><a href='//example.com'>&lt;"
_ALLOWED = {
    *("html", "head", "meta", "title", "link", "style", "body", "header", "main", "section", "script"),
    *("h1", "h2", "small", "span", "ol", "li", "time", "b", "article", "div", "figure", "figcaption", "dl", "dt", "dd"),
    *("svg", "path", "circle", "text"),
}


async def test_markup_is_words(browser: Browser, emulator: Emulator) -> None:
    """The page has no element, no script and no handler that a value has brought, and shows the value as it is."""
    world = emulator.world
    fields: dict[str, str | int] = dict.fromkeys(("title", "text", "subtext", "count"), _MARKUP)
    device = Device(_MARKUP, shown={**fields, "percent": 50})
    world.users[_MARKUP] = User(_MARKUP, {_MARKUP: device})
    world.calls.append(Call(world.clock(), _MARKUP, {_MARKUP: _MARKUP}, None, _MARKUP))
    page = await browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(emulator.control_url)
    await page.get_by_text(_MARKUP).first.wait_for()
    found = await page.evaluate(
        "() => [...document.querySelectorAll('*')].map((node) => [node.localName, node.getAttributeNames()])"
    )
    assert {name for name, _ in found} <= _ALLOWED
    assert [names for _, names in found if any(name.startswith("on") or name == "src" for name in names)] == []
    assert sum(name == "script" for name, _ in found) == 1
    assert await page.title() == "Pushover emulator"
    assert [url for url in asked if not url.startswith((emulator.control_url, "data:"))] == []
    lines = await page.locator("article", has_text=_MARKUP).locator(".rectangular span").all_text_contents()
    assert lines == [_MARKUP] * 3
