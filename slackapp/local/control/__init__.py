"""The control API of the local workspace: act as a person, change the world, move the clock, look at everything."""
