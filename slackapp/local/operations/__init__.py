"""Changes in the workspace: messages, views, files, responses and presence, and whom they notify."""
