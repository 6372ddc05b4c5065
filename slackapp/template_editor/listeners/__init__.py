"""Listeners for buttons, menus and forms of the template editor."""
