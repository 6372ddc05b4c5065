"""Pure rules of templates: their schema and checks, which questions are asked, how answers are parsed."""
