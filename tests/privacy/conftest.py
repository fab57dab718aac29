"""The prepared dialogue of the handlers' tests, for what is said about privacy."""

from tests.handlers.conftest import another, chat, ground, house

__all__ = ["another", "chat", "ground", "house"]
