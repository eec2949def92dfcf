"""Use cases: one function, one transaction. Never imports Flask."""
