"""A faithful Pushover on loopback, with the watches that it would feed."""

from .faults import Fault, Kind
from .server import Emulator
from .world import Application, Call, Device, User, World, example_world

__all__ = [
    "Application",
    "Call",
    "Device",
    "Emulator",
    "Fault",
    "Kind",
    "User",
    "World",
    "example_world",
]
