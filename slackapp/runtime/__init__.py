"""The process without Slack: time, settings, logs, jobs, web servers, and the dependencies of use cases."""
