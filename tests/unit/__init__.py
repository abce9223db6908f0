"""Tests of what needs no Home Assistant."""
