"""Watch a handoff: one message, kept current, for people who follow work that is not theirs."""
