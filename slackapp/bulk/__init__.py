"""Several handoffs at once: claim several, hand over or put back all that a person owns.

Each handoff is carried out by itself, in a transaction of its own, and has a result of its own. People are told of all
in one message each, which is kept current.
"""
