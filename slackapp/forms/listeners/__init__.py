"""The form opened, filled in page by page, and sent; the forms of Edit and Resend."""
