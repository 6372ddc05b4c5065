"""The process without Slack: time, settings, logs, jobs, and the `Baton` that every action is given."""
