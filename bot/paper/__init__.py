"""What is put on paper: values in, the bytes of a PDF out; nothing here knows the database."""

from bot.paper.cards import Card, Words, draw, ordered
from bot.paper.fonts import unprintable
from bot.paper.worker import draw_apart

__all__ = ["Card", "Words", "draw", "draw_apart", "ordered", "unprintable"]
