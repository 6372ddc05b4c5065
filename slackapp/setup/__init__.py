"""Set-up in Slack: teams, hours, policies, people and admins edited in forms, a checklist for the first steps."""
