"""The HTTP server: one loopback port with every route, and the guide that the page shows."""
