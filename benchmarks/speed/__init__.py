"""What the integration costs, beside what else could do its work: a real Home Assistant and an emulated Pushover."""
