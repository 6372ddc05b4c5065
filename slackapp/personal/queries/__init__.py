"""Read absences, personal settings and summaries."""
