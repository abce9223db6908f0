"""The forms and previews of widgets and alerts."""
