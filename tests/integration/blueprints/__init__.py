"""Tests of the automation blueprints, up to what arrives at Pushover."""
