"""The application: pages, access, language and the running server put together."""

from pathlib import Path
from typing import Any

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from whitenoise import WhiteNoise

import blueprints
from blueprints import admin, auth, candidate, probes, proctor
from examsrv.web.access import install_access, require_declarations
from examsrv.web.errors import install_errors
from examsrv.web.language import install_language, language
from examsrv.web.metrics import install_metrics
from examsrv.web.numbers import NumberConverter
from examsrv.web.security import install_security, protect_file
from examsrv.web.server import Server
from examsrv.web.sessions import install_sessions
from examsrv.web.translation import LANGUAGES

LARGEST_REQUEST = 8 * 1024 * 1024
PACKAGED_STATIC = Path(__file__).parent / "static"
CHECKOUT_STATIC = Path(__file__).parent.parent / "static"


def create_app(server: Server) -> Flask:
    """Return the WSGI application for a running server. Refuses to start while a route does not say who may use it."""
    templates = Path(blueprints.__file__).parent / "templates"
    app = Flask("examsrv", template_folder=str(templates), static_folder=str(static_folder()), static_url_path="/static")
    app.config.update(
        SECRET_KEY=server.secret.derived("flask"),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["examsrv"] = server
    app.url_map.converters["int"] = NumberConverter
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    install_security(app)
    install_sessions(app)
    install_language(app)
    CSRFProtect(app)
    install_access(app)
    install_errors(app)
    register(app)
    app.context_processor(lambda: _template_values(app, server))
    require_declarations(app)
    install_metrics(app, server)
    root = str(static_folder())
    files = WhiteNoise(app.wsgi_app, root=root, prefix="static/", add_headers_function=protect_file, allow_all_origins=False)
    app.wsgi_app = files  # type: ignore[method-assign]
    return app


def register(app: Flask) -> None:
    """Add the pages of all roles to the application."""
    for pages in (auth, candidate, proctor, admin, probes):
        app.register_blueprint(pages.bp)


def static_folder() -> Path:
    """Return the folder of the static files: inside the package in a wheel, beside it in a checkout."""
    return PACKAGED_STATIC if PACKAGED_STATIC.is_dir() else CHECKOUT_STATIC


def _who() -> dict[str, Any] | None:
    member = g.get("staff")
    return None if member is None else {"name": member.name, "roles": sorted({role for role, _site in member.roles})}


def _template_values(app: Flask, server: Server) -> dict[str, Any]:
    return {
        "institution": server.settings.institution,
        "is_for_rehearsal": server.is_for_rehearsal,
        "language": language(),
        "languages": LANGUAGES,
        "endpoints": frozenset(app.view_functions),
        "signed_in": _who(),
    }
