"""Pure decisions about one handoff: messages, privacy, fields, notes, verdicts, custody, record links."""
