"""What a form starts from, asks next, fills in and advises."""
