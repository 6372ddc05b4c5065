"""Which levels fire, whom they notify, what is batched, when a queue's day begins."""
