"""Buttons, menus and forms of the template editor."""
