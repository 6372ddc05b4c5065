"""Which levels fire, whom they notify, which reminders share a message, when a queue's day begins."""
