"""Pages of the proctor."""

from flask import Blueprint

bp = Blueprint("proctor", __name__)
