"""The blueprint that every page of the data cleaning belongs to."""

from flask import Blueprint

cleaning = Blueprint("cleaning", "cardqueue.cleaning.routes")
