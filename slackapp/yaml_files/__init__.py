"""YAML files that people write: read with places, checked, laid out."""
