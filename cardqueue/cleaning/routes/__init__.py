"""Pages of the data cleaning: what to do now, lists of corrections, quality, comparison, check sheets."""

from cardqueue.cleaning.routes import compare, lists, overview, quality, returns, sheets
from cardqueue.cleaning.routes.blueprint import cleaning

__all__ = ["cleaning", "compare", "lists", "overview", "quality", "returns", "sheets"]
