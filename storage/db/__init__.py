"""The database: transactions, engines, columns, upserts, migrations applied, receipts."""
