"""Telegram. Nothing else in the house knows python-telegram-bot or aiohttp."""

from bot.channels.telegram.api import account_name, webhook_secret
from bot.channels.telegram.channel import TelegramChannel

__all__ = ["TelegramChannel", "account_name", "webhook_secret"]
