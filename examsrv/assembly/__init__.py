"""Choosing items for forms (scipy lives here)."""
