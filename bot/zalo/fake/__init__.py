"""A strict Official Account on this machine, for demonstrations and tests: it refuses what Zalo's
documentation says Zalo refuses, and posts signed webhooks. What the real service does may differ.

    async with FakeZalo() as zalo:
        client = oa.Client(APP_ID, APP_SECRET, *zalo.pair(), endpoint_prefix=zalo.url, …)
"""

from bot.zalo.fake.faults import Fault
from bot.zalo.fake.server import FakeZalo
from bot.zalo.fake.world import APP_ID, APP_SECRET, OA_ID, OA_SECRET, Person, World

__all__ = [
    "APP_ID",
    "APP_SECRET",
    "OA_ID",
    "OA_SECRET",
    "FakeZalo",
    "Fault",
    "Person",
    "World",
]
