"""What exists in the workspace: its records, how a seed file and a manifest become them, and the text people type."""
