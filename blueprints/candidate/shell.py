"""The shell of the paper: a page without any item, the same for everybody but for the token of the browser."""

from flask import g, render_template
from flask_wtf.csrf import generate_csrf

from examsrv.web.context import server
from examsrv.web.csrf import know_token
from examsrv.web.language import language, shown
from question_bank.kinds import KINDS

TOKEN_MARK = "token-of-this-browser"  # noqa: S105 -- a place to fill, no secret


def paper_shell() -> str:
    """Return the shell for this browser. It is asked for by a whole sitting at once, so it is rendered once in each language."""
    token = generate_csrf()
    know_token(g.left_for, token)
    return _rendered(language()).replace(TOKEN_MARK, token)


def _rendered(chosen: str) -> str:
    shells = server().shells
    if chosen not in shells:
        kinds = {name: shown(kind.label) for name, kind in KINDS.items()}
        shells[chosen] = render_template("candidate/paper.html", kinds=kinds, csrf_token=lambda: TOKEN_MARK, get_flashed_messages=lambda **_asked: [])
    return shells[chosen]
