"""Tests against a real Home Assistant in a process of its own."""
