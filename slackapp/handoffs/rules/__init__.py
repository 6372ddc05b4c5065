"""Pure decisions about one handoff: who is told, privacy, fields, notes, custody, record links."""
