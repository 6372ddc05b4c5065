"""The configuration file's schema, its checks, and its differences from what is stored."""
