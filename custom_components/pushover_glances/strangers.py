"""Widgets whose device the user does not have."""

from collections.abc import Collection, Iterable

from homeassistant.core import callback

from .issues import Reports
from .post import Post


@callback
def async_hold_strangers(posts: Iterable[Post], devices: Collection[str] | None, reports: Reports) -> None:
    """Hold widgets whose device the user did not have at the last look, until the account is loaded again.

    Pushover may take an unknown device for all of them. So where the devices have never been known, what is left
    behind on one waits, too.
    """
    for post in posts:
        if devices is None:
            if post.config.left_behind:
                post.widget.hold()
        elif post.config.device and post.config.device not in devices:
            post.widget.hold()
            reports.unknown_device(post.config)
        else:
            reports.known_device(post.config)
