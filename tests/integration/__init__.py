"""Tests inside Home Assistant's test harness, against the emulated Pushover."""
