"""Reads of a handoff with its surroundings, searches, and checks of an act against what is stored."""
