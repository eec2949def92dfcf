"""The application: pages, access, language and the running server put together."""

from pathlib import Path
from typing import Any

from flask import Flask, g
from whitenoise import WhiteNoise

import blueprints
from blueprints import admin, auth, candidate, examiner, probes, proctor
from blueprints.candidate.direct_way import DirectWay
from examsrv.web.access import install_access, require_declarations
from examsrv.web.csrf import install_csrf
from examsrv.web.errors import install_errors
from examsrv.web.language import install_language, language
from examsrv.web.metrics import install_metrics
from examsrv.web.numbers import NumberConverter
from examsrv.web.security import Protected, install_security
from examsrv.web.server import Server
from examsrv.web.sessions import install_sessions
from examsrv.web.static_files import static_address, static_folder
from examsrv.web.translation import LANGUAGES

LARGEST_REQUEST = 8 * 1024 * 1024


def create_app(server: Server) -> Flask:
    """Return the WSGI application for a running server. Refuses to start while a route does not say who may use it."""
    templates = Path(blueprints.__file__).parent / "templates"
    files, address = static_folder(), static_address(static_folder())
    app = Flask("examsrv", template_folder=str(templates), static_folder=str(files), static_url_path=address)
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
    tokens = install_csrf(app)
    install_access(app)
    install_errors(app)
    register(app)
    app.context_processor(lambda: _template_values(app, server))
    require_declarations(app)
    meters = install_metrics(app, server)
    prefix = f"{address.strip('/')}/"
    served = WhiteNoise(app.wsgi_app, root=str(files), prefix=prefix, immutable_file_test="^", allow_all_origins=False)
    app.wsgi_app = Protected(DirectWay(served, server, tokens, meters))  # type: ignore[method-assign]
    return app


def register(app: Flask) -> None:
    """Add the pages of all roles to the application."""
    for pages in (auth, candidate, proctor, examiner, admin, probes):
        app.register_blueprint(pages.bp)


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
