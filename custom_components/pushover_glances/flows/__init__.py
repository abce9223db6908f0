"""The forms and previews of accounts, widgets and alerts."""
