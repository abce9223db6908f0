"""Gets the values of a glance from Home Assistant: sources, presets, alerts, rendering and watch faces."""
