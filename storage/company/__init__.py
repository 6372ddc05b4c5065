"""The company as stored: workspaces, queues, people, channels, webhooks."""
