"""What makes both databases refuse to change or remove an audit entry, whoever asks."""

from __future__ import annotations

from typing import Final

APPEND_ONLY: Final = {
    "sqlite": (
        """CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
           BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
        """CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
           BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$""",
        """CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
           FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()""",
    ),
}
"""What makes both databases refuse to change or remove an audit entry."""
