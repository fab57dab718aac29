"""Zalo's Official Account as a channel. What Zalo itself is stands in `bot.zalo`."""

from bot.channels.zalo.building import (
    asking,
    build,
    can_be_billed,
    template_info,
    templates_left,
)
from bot.channels.zalo.channel import Manners, ZaloChannel
from bot.channels.zalo.checking import check

__all__ = [
    "Manners",
    "ZaloChannel",
    "asking",
    "build",
    "can_be_billed",
    "check",
    "template_info",
    "templates_left",
]
