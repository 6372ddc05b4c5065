"""A Slack workspace on this machine. Speaks Slack's wire protocols and imports nothing of Baton.

What the app sees: `web_api/` (methods, arguments, scopes, tiers), `socket_mode`, `http_delivery`, `events`,
`interactions` (payloads), `response_endpoint`. What exists: `world` of `records`, built from `seed.yml`; changed by
`messages` and `views`. Slack's strictness: `checks` with the rules of `blockkit/`, `triggers`, `response_urls`,
`rate_limits`. What tests and the page use: `control/`, `clock`, `faults`, `calls`, `feed`, `page/`. `workspace` holds
the parts together and `server` puts them on one loopback port.
"""
