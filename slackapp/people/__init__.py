"""Who may do what, and who can be notified when."""
