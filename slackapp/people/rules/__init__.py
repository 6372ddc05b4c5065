"""Permissions and availability as pure rules."""
