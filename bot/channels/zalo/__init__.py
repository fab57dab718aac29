"""Zalo's Official Account as a channel. What Zalo itself is stands in `bot.zalo`."""

from bot.channels.zalo.building import build
from bot.channels.zalo.channel import Manners, ZaloChannel

__all__ = ["Manners", "ZaloChannel", "build"]
