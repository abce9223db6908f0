"""Replaces a package without wheels for Python 3.14: noise suppression, which nothing here uses."""


class AudioProcessor:
    """Never asked."""
