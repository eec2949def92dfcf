"""The pages and the API over one attempt, served in a thread of the test; the templates and static files are the shipped ones."""

import socket
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, jsonify, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.serving import WSGIRequestHandler, make_server
from wtforms import StringField
from wtforms.validators import InputRequired

from question_bank.kinds import KINDS
from tests.browser.candidate_harness.attempt import SHANGHAI, SUBJECT, Attempt

ROOT = Path(__file__).parents[3]
POLL = 0.02  # how long the end of a test waits for its server
TOKEN = "token-of-the-session"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
PERSON = SimpleNamespace(name="其其格·示例", masked_id="1501**********0015", has_photo=False)
PLANNED = datetime(2026, 11, 22, 9, 30, tzinfo=SHANGHAI)
SHOWN = {
    "person": PERSON,
    "occupation": "信用管理师",
    "level": "三级／高级工",
    "component": "理论知识考试",
    "subject": SUBJECT,
    "room": "03 考场",
    "seat": "17",
    "ticket": "2611 0230 1003 1704",
    "planned": PLANNED,
    "minutes": 90,
    "items": 22,
    "marks": 22,
    "pass_mark": 60,
    "leave_minutes": 30,
    "late_minutes": 30,
    "kinds": ["single_choice", "multiple_choice", "true_false"],
}


class SignInForm(FlaskForm):
    """The fields of the sign-in."""

    ticket = StringField("Ticket number", [InputRequired("Please enter the ticket number")])
    id_number = StringField("ID number", [InputRequired("Please enter the ID number")])


class SeatForm(FlaskForm):
    """The field of the seat binding."""

    code = StringField("Seat code", [InputRequired("Please enter the code")])


def make_app(attempt, catalogue=None):
    """Return the application over `attempt`; texts in English, or as the catalogue (a .po file) translates them."""
    app = Flask(__name__, template_folder=ROOT / "blueprints/templates", static_folder=ROOT / "static")
    app.config |= {"SECRET_KEY": "harness", "WTF_CSRF_ENABLED": False}
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.install_gettext_translations(translations(catalogue), newstyle=True)
    app.jinja_env.filters |= {
        "clock_time": lambda moment: moment.strftime("%H:%M:%S"),
        "local_time": lambda moment: moment.strftime("%Y-%m-%d %H:%M"),
        "duration": lambda minutes: f"{minutes} 分钟",
    }
    app.jinja_env.globals |= {
        "csrf_token": lambda: TOKEN,
        "language": "zh_CN" if catalogue else "en",
        "languages": {"zh_CN": "简体中文", "en": "English"},
        "signed_in": None,
        "institution": "内蒙古示例评价中心",
        "endpoints": set(),
        "now": datetime(2026, 11, 22, 8, 41, 26, tzinfo=UTC),
    }
    app.register_blueprint(pages(attempt))
    app.register_blueprint(api(attempt), url_prefix="/exam/api")
    auth = Blueprint("auth", __name__)
    auth.add_url_rule("/language", "language", lambda: redirect("/exam/sign-in"), methods=["POST"])
    auth.add_url_rule("/", "home", lambda: redirect("/exam/sign-in"))
    app.register_blueprint(auth)
    app.after_request(guarded)
    return app


def translations(catalogue):
    if catalogue is None:
        return NullTranslations()
    found = Translations()
    with Path(catalogue).open("rb") as stream:
        for message in read_po(stream):
            if message.id and isinstance(message.id, str):
                found._catalog[message.id] = message.string
    return found


def guarded(response):
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def pages(attempt):
    bp = Blueprint("candidate", __name__)
    place = {"bound": SimpleNamespace(room="03 考场", seat="17"), "sittings": [SimpleNamespace(name=SUBJECT, room="03 考场", planned=PLANNED)]}

    @bp.route("/exam/sign-in", methods=["GET", "POST"])
    def sign_in():
        form = SignInForm()
        if form.validate_on_submit():
            attempt.signed_in = True
            return redirect("/exam/details")
        return render_template("candidate/sign_in.html", form=form, **place)

    @bp.route("/exam/seat", methods=["GET", "POST"])
    def seat():
        form = SeatForm()
        return redirect("/exam/sign-in") if form.validate_on_submit() else render_template("candidate/seat.html", form=form, **place)

    @bp.route("/exam/details", methods=["GET", "POST"])
    def details():
        if request.form.get("action") == "confirm":
            return redirect("/exam/waiting")
        return render_template("candidate/details.html", photo_url=None, state="disputed" if request.method == "POST" else None, **SHOWN)

    @bp.get("/exam/waiting")
    def waiting():
        return render_template("candidate/waiting.html", **SHOWN)

    @bp.get("/exam/paper")
    def paper():
        return render_template("candidate/paper.html", kinds={name: str(kind.label) for name, kind in KINDS.items()})

    @bp.post("/exam/sign-out")
    def sign_out():
        attempt.signed_in = False
        return redirect("/exam/sign-in")

    return bp


def api(attempt):
    bp = Blueprint("api", __name__)

    @bp.before_request
    def failing():
        attempt.requests.append(request.path.rsplit("/", 1)[1])
        if not attempt.signed_in:
            return jsonify(error="signed_out"), 401
        if request.method == "POST" and request.headers.get("X-CSRFToken") != TOKEN:
            return jsonify(error="csrf"), 403
        if attempt.refuse > 0:
            attempt.refuse -= 1
            return jsonify(error="busy"), 503
        return None

    @bp.after_request
    def losing(response):
        if attempt.lose_responses > 0 and request.method == "POST" and request.endpoint not in {"api.open", "api.beat"}:
            attempt.lose_responses -= 1
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return response

    bp.get("/state", endpoint="state")(attempt.state)
    for path, act in {"steps": attempt.save, "beat": attempt.beat, "hand-in": attempt.hand_in}.items():
        bp.post(f"/{path}", endpoint=path)(lambda act=act: act(request.get_json()))
    bp.post("/open", endpoint="open")(lambda: attempt.open(request.get_json()["device"]))
    return bp


class Quiet(WSGIRequestHandler):
    """Logs nothing: a failing test prints what the page did, not every stylesheet. Keeps connections, as a real server does."""

    protocol_version = "HTTP/1.1"

    def log(self, *_arguments):
        """Keep quiet."""


class Harness:
    """A served attempt. `with Harness() as harness:` gives its address and its attempt."""

    def __init__(self, catalogue=None):
        self.attempt = Attempt()
        self.server = make_server("127.0.0.1", 0, make_app(self.attempt, catalogue), threaded=True, request_handler=Quiet)
        self.address = f"http://127.0.0.1:{self.server.port}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, args=(POLL,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
