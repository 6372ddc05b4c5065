"""`baton check`: probes of database, process, tokens, scopes, channels and people."""
