"""Tables and how values come from and go to them. The only place that knows SQLAlchemy models."""
