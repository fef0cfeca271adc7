"""Pages of the data cleaning: what to do now, lists of corrections, quality, comparison, check sheets."""

from cardqueue.cleaning.routes import overview, returns, sheets
from cardqueue.cleaning.routes.blueprint import cleaning

__all__ = ["cleaning", "overview", "returns", "sheets"]
