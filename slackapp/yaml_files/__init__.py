"""YAML that people write: read with line numbers, checked, and laid out again."""
