"""cardqueue: a commune's party-card exchange, from an Excel list to a card in the hand."""

__version__ = "0.1.0"
