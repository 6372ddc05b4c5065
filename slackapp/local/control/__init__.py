"""The control API of the local workspace: act as a person, change the workspace, move the clock, read everything."""
