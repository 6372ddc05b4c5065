"""Listeners for the pages, forms and words of set-up."""
