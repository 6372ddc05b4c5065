"""The database: handoffs and all around them as stored, and the lifecycle. Imports nothing of `slackapp`."""
