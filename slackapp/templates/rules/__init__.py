"""A template's schema and checks, which questions apply, and how answers are parsed and checked."""
