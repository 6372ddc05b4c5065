"""The process without Slack: time, settings, logs, jobs, and what every action is given."""
