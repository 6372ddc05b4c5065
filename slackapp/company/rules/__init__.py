"""Pure rules of the configuration file: schema, checks, differences, reading and writing."""
