"""YAML files that people write: read with line numbers, checked, and written."""
