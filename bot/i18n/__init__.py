"""What we say, in the language a person chose: texts, fallback chains, dates and lists in words."""

from bot.i18n.languages import LAST, SOURCE, Language, Languages
from bot.i18n.translator import N_, Texts, Translator

__all__ = ["LAST", "N_", "SOURCE", "Language", "Languages", "Texts", "Translator"]
