"""Replaces a package without wheels for Python 3.14: voice detection, which nothing here uses."""


class MicroVad:
    """Never asked."""
