"""Pages that begin and end whenever the test says, told apart from what the code believes of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from custom_components.pushover_glances.planner import Page
from custom_components.pushover_glances.pushover import Field, Value

# The fields that each of them fills; the first one that applies is shown.
PAGES: Mapping[str, frozenset[Field]] = {
    "morning": frozenset({Field.TEXT, Field.COUNT}),
    "evening": frozenset({Field.TEXT, Field.SUBTEXT}),
}
PAGED = frozenset[Field]().union(*PAGES.values())


@dataclass(eq=False)
class Pages:
    """Which pages apply to an account, and what their sources say."""

    applying: set[str] = field(default_factory=set)
    says: dict[str, dict[Field, Value | None]] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """Return the page that is shown; empty if none applies."""
        return next((name for name in PAGES if name in self.applying), "")


def fields_of(page: str) -> frozenset[Field]:
    """Return the fields that a page fills."""
    return PAGES.get(page, frozenset())


def as_the_code_has_it(page: str) -> Page:
    """Return a page as the planner knows it."""
    return Page(page, fields_of(page))
