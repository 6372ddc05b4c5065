"""Decide a form's starting point, pages, first values, vague answers and merges of overlapping acts."""
