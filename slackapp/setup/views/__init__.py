"""The pages, forms and messages of set-up."""
