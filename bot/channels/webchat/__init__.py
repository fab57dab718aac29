"""The web chat: a page, what it posts, what it reads, and the channel that writes to it."""

from bot.channels.webchat.channel import WebChatChannel
from bot.channels.webchat.page import Front

__all__ = ["Front", "WebChatChannel"]
