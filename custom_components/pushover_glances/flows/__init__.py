"""The forms and previews of widgets, alerts and pages."""
