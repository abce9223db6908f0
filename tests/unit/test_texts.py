"""A value in Markdown is words, and nothing else."""

import re

from hypothesis import given
import pytest

from custom_components.pushover_glances.content.texts import plain
from tests.examples import searching
from tests.hostile import texts
from tests.markdown import kinds, words


def shown(text: str) -> str:
    """Return a text as a person reads it: on one line, without what cannot be seen."""
    line = " ".join(text.split())
    return "".join(
        char for char in line if ord(char) > 31 and not 127 <= ord(char) < 160 and not "\ud800" <= char < "\ue000"
    )


@searching(400)
@given(texts)
def test_any_text(text: str) -> None:
    """A paragraph and the cell of a table show it as it is, and have nothing else."""
    value = plain(text)
    value.encode()
    assert words(f"x{value}x") == f"x{shown(text)}x"
    assert set(kinds(f"x{value}x")) <= {"paragraph_open", "text", "text_special"}
    table = f"| a | b |\n| - | - |\n| x{value} | y |\n"
    assert words(table) == f"abx{shown(text).rstrip()}y"
    assert kinds(table)["td_open"] == 2
    assert set(kinds(table)) <= {
        *("table_open", "thead_open", "tbody_open", "tr_open", "th_open", "td_open", "text", "text_special")
    }


@pytest.mark.parametrize("link", ["https://example.com/", "www.example.com", "a@example.com", "mailto:a@example.com"])
def test_what_github_links_by_itself(link: str) -> None:
    """Nothing of it is left that a reader would take for an address."""
    assert re.sub(r"\\.", "", plain(link)).isalnum()
