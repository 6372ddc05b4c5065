"""A Slack workspace on this machine: Slack's wire protocols, without Slack and without anything of Baton.

Packages, top down; each imports only those below it:

- `server`: one loopback port with every route
- `control`: the control API, with which tests and the page act as people
- `web_api`: the methods an app calls, and response URLs
- `operations`: changes of messages, views, files and presence
- `payloads`: events and interaction payloads for the app
- `workspace`: the object that holds all parts
- `delivery`: Socket Mode and signed HTTP requests
- `inspector`: the log of calls, and why one was refused
- `state` (what exists, built from `seed.yml`), `blockkit` (what Slack refuses in blocks and views), `limits` (rate
  limits, trigger ids, response URLs, patience), `faults` (ordered errors), `clock` (the movable clock, settling)
- `protocol`: JSON, errors, ids, loopback addresses

`page/` is the page in the browser: plain JavaScript that uses the control API.
"""
