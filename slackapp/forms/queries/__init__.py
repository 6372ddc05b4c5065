"""What a form must know: its draft, teams, templates, earlier handoffs, duplicates."""
