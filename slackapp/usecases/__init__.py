"""What Baton does, one transaction each."""
