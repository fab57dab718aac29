"""The one door out. Replies, notices and reminders all leave by here, so that limits, priorities,
retries and tracking exist once. Nothing else calls `Channel.send`."""

from bot.sender.sender import Sender
from bot.sender.senders import Senders

__all__ = ["Sender", "Senders"]
