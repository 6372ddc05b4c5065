"""The company as stored: workspaces, queues, people, user groups, channels, webhooks."""
