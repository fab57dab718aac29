"""Zalo's Official Account as a channel. What Zalo itself is stands in `bot.zalo`."""

from bot.channels.zalo.building import (
    build,
    can_be_billed,
    client_of,
    template_info,
    templates_left,
)
from bot.channels.zalo.channel import Manners, ZaloChannel
from bot.channels.zalo.checking import check

__all__ = [
    "Manners",
    "ZaloChannel",
    "build",
    "can_be_billed",
    "check",
    "client_of",
    "template_info",
    "templates_left",
]
