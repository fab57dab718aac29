"""One spelling for the many ways a question is typed, strictly by the rules of its language.

Vietnamese is searched without accents, because most people type without them; Hmong is left as it
is, because its last letters are tones; Khmer has no spaces, so its whole string is the unit.
"""

import itertools
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from unicodedata import normalize

import regex

from bot.answers.slips import meant
from bot.answers.sounds import sounded
from bot.answers.telex import is_acronym, is_borrowed, repaired, unkeyed, without_late_keys
from bot.answers.wording import CHAT, FILLERS
from bot.text import clean, fold

Abbreviations = Mapping[str, str | tuple[str, ...]]
Tokens = tuple[str, ...]
NO_ABBREVIATIONS: Abbreviations = MappingProxyType({})

MOST_READINGS = 6  # of one question; each costs a search
_UNSPACED = frozenset({"km", "lo", "th", "my", "zh", "yue", "ja", "blt"})
_MENDED_FROM = {"vi": 3, "en": 5}
_LONGEST_QUESTION = 500  # visible characters; bounds the work, and no question is longer
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_PIECE = regex.compile(r"[\p{L}\p{M}]+|\p{N}+")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_SPLIT = re.compile(r"\b(wi(?=[- ]fi\b)|e(?=[- ]mail\b))[- ]")  # one word, often written as two
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")

_KHMER_DIGITS = {0x17E0 + digit: str(digit) for digit in range(10)}
_KHMER_CLUSTER = re.compile(
    "[\u1780-\u17a2\u17a5-\u17b3](?:\u17d2[\u1780-\u17a2]|[\u17b6-\u17d1\u17dd])+"
)
_KHMER_MARK = re.compile("\u17d2.|.")
# Two marks that look like one vowel and are often typed for it.
_KHMER_SPLIT = {"\u17c1\u17b8": "\u17be", "\u17c1\u17b6": "\u17c4"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be done to a text of one language before it is compared."""

    spaced: bool  # its words or syllables stand apart
    shorten: bool  # a letter repeated three times or more is one letter
    vietnamese: bool  # chat spellings, Telex and VNI, words alike
    english: bool = False  # endings dropped, words alike
    mended_from: int = 0  # the length from which a slip of the finger is mended; 0 is never
    fillers: frozenset[str] = frozenset()  # keyed words that only greet, plead or name the speaker


def rules_for(language: str) -> Rules:
    """The rules of a language code such as "vi", "km" or "hmn@rpa"."""
    base = re.split("[@_-]", language.lower())[0]
    rules = Rules(
        base not in _UNSPACED, base not in ("hmn", "hnj", "mww"), base == "vi", base == "en"
    )
    return replace(
        rules,
        mended_from=_MENDED_FROM.get(base, 0),
        fillers=frozenset(tokens(FILLERS.get(base, ""), rules)),
    )


def key(text: str, rules: Rules) -> str:
    """The text as it is searched: composed, plain width, small, without Latin accents."""
    plain = fold(normalize("NFKC", clean(text, _LONGEST_QUESTION))).translate(_KHMER_DIGITS)
    plain = _SPLIT.sub(r"\1", plain)
    if rules.shorten:
        plain = _WORD.sub(lambda word: _shortened(word[0]), plain)
    return plain if rules.spaced else _KHMER_CLUSTER.sub(_in_order, plain)


def _shortened(word: str) -> str:
    """ "ơiiii" is "ơi", but the thirteenth congress ("XIII") is not the eleventh."""
    return word if _ROMAN.fullmatch(word) else _REPEATED.sub(r"\1", word)


def _in_order(cluster: re.Match[str]) -> str:
    """Khmer keyboards store the marks of a letter in different orders; readers see one."""
    marks = sorted(_KHMER_MARK.findall(cluster[0][1:]), key=_khmer_rank)
    joined = cluster[0][0] + "".join(marks)
    for split, whole in _KHMER_SPLIT.items():
        joined = joined.replace(split, whole)
    return joined


def _khmer_rank(mark: str) -> int:
    if mark[0] == "\u17d2":
        return 1 if mark[1:] == "\u179a" else 0  # the subscript ro is drawn in front, stored last
    if mark in "\u17c9\u17ca":
        return 2
    return 3 if mark <= "\u17c5" else 4


def tokens(text: str, rules: Rules) -> Tokens:
    """The words of a text, keyed; letters and digits apart, so that "p305" meets "phòng 305"."""
    return tuple(_PIECE.findall(key(text, rules)))


def words(text: str, rules: Rules) -> Tokens:
    """The keyed words of a text as they were typed, letters and digits together."""
    return tuple(_WORD.findall(key(text, rules)))


def pieces(typed: Tokens) -> Tokens:
    """Such words with letters and digits apart, as `tokens` gives them."""
    if all(map(str.isalpha, typed)):
        return typed
    return tuple(_PIECE.findall(" ".join(typed)))


def chat_forms(rules: Rules, extra: Abbreviations) -> Collection[str]:
    """The chat spellings that are known here, keyed; the event's own among them."""
    return _table(rules, extra).keys()


def _table(rules: Rules, extra: Abbreviations) -> Mapping[str, tuple[Tokens, ...]]:
    if not rules.vietnamese:
        return {}
    return _CHAT | _keyed(tuple(extra.items()), rules) if extra else _CHAT


def readings(
    question: str,
    rules: Rules,
    known: Mapping[str, int],
    extra: Abbreviations = NO_ABBREVIATIONS,
    familiar: frozenset[str] = frozenset(),
    *,
    keyboard_off: bool = False,
) -> tuple[Tokens, ...]:
    """Every reasonable way to read a question, at least one and at most MOST_READINGS.

    `known` holds the keyed words of the approved questions and how many hold each; neither such a
    word nor a `familiar` one is expanded or mended. `extra` holds the event's own chat spellings;
    they win over ours. With `keyboard_off` it is known to be Telex or VNI.
    """
    if not rules.spaced:
        return (tokens(question, rules),)
    typed = key(question, rules)
    found: list[str] = _WORD.findall(typed)
    context = _Context(rules, known, familiar, _table(rules, extra), keyboard_off)
    if rules.vietnamese and rules.mended_from and any(_unkeyed(word, context) for word in found):
        context = replace(context, keyboard_off=True)
    if context.keyboard_off:
        found = _WORD.findall(without_late_keys(typed))
    slots = [slot for word in found for slot in _slots(word, context)]
    ways = itertools.islice(itertools.product(*slots), MOST_READINGS)
    return tuple(tuple(itertools.chain.from_iterable(way)) for way in ways)


@dataclass(frozen=True, slots=True)
class _Context:
    rules: Rules
    known: Mapping[str, int]
    familiar: frozenset[str]
    table: Mapping[str, tuple[Tokens, ...]]
    keyboard_off: bool = False  # one word is surely left over from Telex or VNI, so all may be


def _unkeyed(word: str, context: _Context) -> bool:
    """Whether a word is surely a left-over: it becomes one that the examples hold."""
    if word in context.known or word in context.familiar or word in context.table:
        return False
    return is_acronym(word) or repaired(word, context.known.__contains__) is not None


def _slots(word: str, context: _Context) -> list[tuple[Tokens, ...]]:
    """The meanings of a word, or of each of its pieces."""
    if word in context.known or word in context.familiar:
        return [((word,),)]
    if word in context.table:
        return [context.table[word]]
    rules = context.rules
    if rules.vietnamese and (whole := repaired(word, context.known.__contains__)) is not None:
        return [((whole,),)]
    slips = _misspelt(word, context)
    if context.keyboard_off and (whole := unkeyed(word)) is not None:
        if not is_borrowed(word):
            # "phonf" would be "phồn", which nobody here says: perhaps a finger slipped as well.
            others = [] if whole in context.known else slips
            return [tuple((one,) for one in (whole, *others))]
        if whole in context.known:
            return [((whole,), (word,))]  # "six" is a number, or "sĩ"
    parts: list[str] = _PIECE.findall(word)
    if len(parts) > 1:
        return [slot for piece in parts for slot in _slots(piece, context)]
    return [tuple((one,) for one in slips or [word])]


def _misspelt(word: str, context: _Context) -> list[str]:
    """The known words it may stand for: those it sounds like, else those a slip away."""
    rules, known = context.rules, context.known
    if rules.vietnamese and rules.mended_from and (spoken := sounded(word, known)):
        return spoken
    return meant(word, known, rules.mended_from, vietnamese=rules.vietnamese)


@lru_cache(maxsize=64)
def _keyed(
    table: tuple[tuple[str, str | tuple[str, ...]], ...], rules: Rules
) -> dict[str, tuple[Tokens, ...]]:
    spelt: dict[str, tuple[Tokens, ...]] = {}
    for form, meanings in table:
        several = (meanings,) if isinstance(meanings, str) else meanings
        spelt["".join(_WORD.findall(key(form, rules)))] = tuple(
            dict.fromkeys(tokens(meaning, rules) for meaning in several)
        )
    return spelt


_VIETNAMESE = rules_for("vi")
_CHAT = _keyed(tuple(CHAT.items()), _VIETNAMESE)
