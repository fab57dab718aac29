"""Letters to many: a notice is approved, goes out to its people, and is acknowledged by them.

No person is ever loaded for it: `bot.store.fanout` makes the deliveries inside the database.
"""

from bot.i18n import Texts
from bot.notices.approving import EVERYBODY, approve, draft, reply_in
from bot.notices.ending import Stopped, cancel, close, finish_cancels, summary_of
from bot.notices.going_out import ask_again, chains_of, expand_due, expire, keep_quiet
from bot.notices.receiving import acknowledge, heard, unheard
from bot.store import Store

__all__ = [
    "EVERYBODY",
    "Stopped",
    "acknowledge",
    "approve",
    "ask_again",
    "cancel",
    "chains_of",
    "close",
    "draft",
    "expand_due",
    "expire",
    "finish_cancels",
    "heard",
    "keep_quiet",
    "reply_in",
    "summary_of",
    "tend",
    "unheard",
]


async def tend(store: Store, texts: Texts) -> None:
    """What a tick does for notices: late ones expire, cancelled ones are finished, the night is
    kept, what is due goes out, who was silent is asked again. In any number of processes."""
    chains = chains_of(texts)
    await expire(store)
    await finish_cancels(store)
    await keep_quiet(store)
    await expand_due(store, chains)
    await ask_again(store, chains)
