"""For whoever runs Baton: the check-up, metrics, the admin port, inspection and the daily purge."""
