"""What stands behind the menu button of a chat, in the language she chose: never a guess from the
language of her telephone."""

from bot.i18n import N_, Translator
from bot.values.reply import Choice, Reply

# In this order. The router knows the same words; Telegram allows a command's name only small
# letters, digits and the underscore.
COMMANDS = (
    ("menu", N_("To the menu")),
    ("language", N_("🌐 Change language")),
    ("help", N_("Talk to a person")),
    ("dulieu", N_("My data")),
    ("dung", N_("Stop notices")),
)


def menu_in(t: Translator) -> Reply:
    """The commands as the choices of a reply; words a language lacks are said along its chain."""
    return Reply("", tuple(Choice(t(words), name) for name, words in COMMANDS))


# A chat without a menu of its own shows the one of the bot.
NO_MENU = Reply("")
