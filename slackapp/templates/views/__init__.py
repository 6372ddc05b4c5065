"""Views of templates: questions as inputs, answers as lines and in full."""
