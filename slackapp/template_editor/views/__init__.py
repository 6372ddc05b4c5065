"""Views of the template editor: the list, a draft, its forms and its preview."""
