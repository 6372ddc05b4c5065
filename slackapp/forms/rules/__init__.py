"""Decide a form's starting point, pages, first values, quality advice and merges of overlapping acts."""
