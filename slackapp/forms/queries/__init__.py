"""Reads for a form: its draft, teams, templates, earlier handoffs of the same record, duplicates."""
