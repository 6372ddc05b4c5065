"""Forms, results and messages of runs."""
