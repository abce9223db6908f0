"""Tests of Pushover Glances."""
