"""The company's configuration file: its model, how it is read and written."""
