"""Pure decisions of set-up: pages and steps, and the changes that a form makes to a week, a policy or a team."""
