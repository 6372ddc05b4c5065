"""The list of templates, a draft, its forms and its preview."""
