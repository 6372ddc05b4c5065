"""The template editor: templates that admins make in Slack."""
