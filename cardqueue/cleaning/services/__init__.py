"""Writes of the data cleaning."""
