"""What a template may hold, which questions are asked, how answers are checked and parsed."""
