"""Database access: transactions, engines, column types, upserts, migrations applied, receipts."""
