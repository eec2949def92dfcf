"""Pages, by who uses them. They translate between people and services and decide nothing; they never see the storage."""

from flask import Flask


def register(app: Flask) -> None:
    """Add all pages to the application."""
    from blueprints import admin, auth, candidate, proctor

    for pages in (auth, candidate, proctor, admin):
        app.register_blueprint(pages.bp)
