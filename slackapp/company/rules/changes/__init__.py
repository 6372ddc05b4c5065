"""Changes of a configuration: which, by which object, in which words, and whom they concern."""
