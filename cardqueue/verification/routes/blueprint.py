"""The blueprint that every page of the verification belongs to."""

from flask import Blueprint

verification = Blueprint("verification", "cardqueue.verification.routes")
