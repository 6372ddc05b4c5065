"""The file's schema, its checks, its differences to what is stored."""
