"""Reads of the data cleaning."""
