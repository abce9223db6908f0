"""From Home Assistant to the values of a glance: sources, presets, alerts, rendering and watch faces."""
