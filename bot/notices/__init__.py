"""Letters to many: a notice is approved, goes out to its people, and is acknowledged by them.

No person is ever loaded for it: `bot.store.fanout` makes the deliveries inside the database.
"""

from bot.notices.approving import EVERYBODY, approve, draft, reply_in
from bot.notices.going_out import ask_again, chains_of, expand_due, expire, keep_quiet

__all__ = [
    "EVERYBODY",
    "approve",
    "ask_again",
    "chains_of",
    "draft",
    "expand_due",
    "expire",
    "keep_quiet",
    "reply_in",
]
