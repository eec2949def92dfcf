"""What machines ask: is the server alive, is it ready, and its figures. Nothing here concerns a person."""

import ipaddress

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from examsrv.web import readiness
from examsrv.web.access import open_to_all
from examsrv.web.context import server
from examsrv.web.language import shown
from examsrv.web.metrics import exposition

bp = Blueprint("probes", __name__)
UNAVAILABLE = 503
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""Headers by which a proxy says that it asks for somebody else."""


@bp.get("/healthz")
@open_to_all
def alive() -> ResponseReturnValue:
    """Answer, and touch nothing."""
    return jsonify(alive=True)


@bp.get("/readyz")
@open_to_all
def ready() -> ResponseReturnValue:
    """Tell whether an examination can be held, and what is lacking."""
    lacks = [shown(message) for message in readiness.lacking(server())]
    return jsonify(ready=not lacks, lacking=lacks), UNAVAILABLE if lacks else 200


@bp.get("/metrics")
@open_to_all
def metrics() -> ResponseReturnValue:
    """Give the figures to this machine itself, and to the networks that are set; for all others there is nothing here."""
    if not _may_watch():
        abort(404)
    return Response(exposition(current_app), content_type=CONTENT_TYPE_LATEST)


def _may_watch() -> bool:
    """Tell whether whoever asks may have the figures. A request that was forwarded comes from elsewhere, whatever its address says."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    if address.is_loopback and not any(name in request.headers for name in FORWARDED):
        return True
    return any(address in ipaddress.ip_network(network) for network in server().settings.metrics_networks)
