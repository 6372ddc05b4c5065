"""Permissions and availability."""
