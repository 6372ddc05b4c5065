"""Prepare, submit and carry out runs."""
