"""Permissions and availability of people."""
