"""What set-up changes besides the configuration: the demo team's work, and the message to who installs Baton."""
