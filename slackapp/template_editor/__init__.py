"""The template editor: templates made in Slack."""
