"""What set-up does besides changing the configuration: the message to who installs Baton."""
