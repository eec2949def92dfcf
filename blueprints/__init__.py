"""Pages, by who uses them. Translate between people and services and decide nothing."""
