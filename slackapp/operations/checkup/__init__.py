"""`baton check`: probes of the database, the process, tokens, scopes, channels and people."""
