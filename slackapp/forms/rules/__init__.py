"""What a form starts from, which page comes next, its first values and its advice."""
