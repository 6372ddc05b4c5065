"""Delivery of payloads to the app by Socket Mode or signed HTTP requests."""
