"""What people see of lists: the modal with rows, the form of its filters, and CSV files."""
