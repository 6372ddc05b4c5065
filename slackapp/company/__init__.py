"""The company's configuration file: read, checked, applied, exported."""
