"""One handoff: how it changes, who is told, its card, its forms and its refusals."""
