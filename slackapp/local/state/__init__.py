"""The state of the workspace: its records, the seed and manifest they are built from, and the text people type."""
