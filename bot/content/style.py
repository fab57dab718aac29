"""Reads one text as a delegate would: is it short, is it plain, is it in our own words?

Pure: a text goes in, the names of the broken rules come out. Lengths are what a reader sees, with
every slot filled by a long but ordinary value.
"""

import re
from collections.abc import Iterator, Mapping
from string import Formatter

from bot.content import words
from bot.text import fold, sentences, syllables, visible_length

# What may stand in braces in the text of an answer, with an ordinary long value to measure by.
SLOTS: Mapping[str, str] = {
    "name": "Nguyễn Thị Ngọc Ánh",
    "salutation": "đồng chí",
    "delegation": "tỉnh Điện Biên",
    "hotel": "Khách sạn Sông Xanh",
    "room": "0412",
    "bus": "12",
    "seat": "12-07",
    "table": "24",
    "group": "16",
    "hotline": "0900 000 000",
}
PERSONAL_SLOTS = frozenset(SLOTS) - {"hotline"}

TEXT_LIMIT = 320
SHORT_LIMIT = 160
TITLE_LIMIT = 20
SENTENCES = 3
SYLLABLES = 15
QUESTIONS = 6
# Translations run longer; any single message may take 1.6 times the room of the Vietnamese one.
TRANSLATION_ROOM = 1.6

Remark = tuple[str, dict[str, object]]

_BOLD = re.compile(r"\*\*")
_QUESTION = re.compile(r"[?？]")
_ID_CARD = re.compile(
    r"can cuoc|chung minh (?:nhan dan|thu)|\bcccd\b|\bcmnd\b|ho chieu|the dang vien"
    r"|identity card|\bid card|passport|citizen card"
)
_PICTURE = re.compile(
    r"\bảnh\b|\bhình\b|bản (?:chụp|quét|sao)|\bchụp\b|\bquét\b|photo|picture|scan|\bimage|\bcopy\b",
    re.IGNORECASE,
)
_SEND = re.compile(r"\b(?:chup|gui|tai len|nop|dang tai|quet|send|upload|take|submit|photograph)\b")
_REFUSES = re.compile(
    r"\b(?:không|đừng|chưa|never|not|don't|nobody|no one)(?:\s+\w+){0,4}\s+"
    r"(?:gửi|chụp|nộp|xin|hỏi|yêu cầu|cần|tải|quét|send|asks?|take|need|upload|submit|have)\b",
    re.IGNORECASE,
)


class SlotError(ValueError):
    """Braces in a text do not make slots."""


def slots(text: str) -> tuple[str, ...]:
    """The slots of a text, in order. Raises SlotError when a brace has no partner."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise SlotError(str(error)) from error
    return tuple(
        name + (f"!{turn}" if turn else "") + (f":{form}" if form else "")
        for _, name, form, turn in parts
        if name is not None
    )


def as_seen(text: str) -> str:
    """The text as a delegate would see it: slots filled with ordinary values, no bold marks."""
    shown = text.replace("{{", "\0").replace("}}", "\1")
    for slot, value in SLOTS.items():
        shown = shown.replace("{" + slot + "}", value)
    return _BOLD.sub("", shown.replace("\0", "{").replace("\1", "}"))


def lint(
    key: str, text: str, language: str, *, limit: int, safety: bool = False
) -> Iterator[Remark]:
    """What is wrong with a text of several sentences. `limit` is in visible characters."""
    seen = as_seen(text)
    yield from _lengths(key, seen, language, limit)
    if not safety and "!" in seen:
        yield "exclamation", {}
    if asks_for_identity_card(seen):
        yield "identity-card", {}
    yield from lint_words(text, language)
    if language == "vi":
        yield from _long_sentence(seen, limit)


def lint_title(text: str, language: str) -> Iterator[Remark]:
    """What is wrong with a title that is also a button."""
    count = visible_length(text)
    if count > TITLE_LIMIT * (1 if language == "vi" else TRANSLATION_ROOM):
        yield "long-title", {"count": count}
    yield from lint_words(text, language)


def lint_words(text: str, language: str) -> Iterator[Remark]:
    """Words and signs that delegates must not meet; the word lists are for Vietnamese only."""
    if text.count("**") % 2:
        yield "bold", {}
    seen = as_seen(text)
    for sign in dict.fromkeys(words.emoji.findall(seen)):
        if sign not in words.EMOJI_ALLOWED:
            yield "emoji", {"word": sign}
    if language == "vi":
        yield from _vietnamese_words(seen)


def asks_for_identity_card(text: str) -> bool:
    """Whether a sentence asks to send or take a picture of an identity card (privacy rule 5)."""
    return any(
        _ID_CARD.search(fold(sentence))
        and _PICTURE.search(sentence)
        and _SEND.search(fold(sentence))
        and not _REFUSES.search(sentence)
        for sentence in sentences(text)
    )


def _lengths(key: str, seen: str, language: str, limit: int) -> Iterator[Remark]:
    room = limit if language in ("vi", "en") else round(limit * TRANSLATION_ROOM)
    if (count := visible_length(seen)) > room:
        yield "too-long", {"key": key, "count": count, "limit": room}
    if (count := len(sentences(seen))) > SENTENCES:
        yield "many-sentences", {"key": key, "count": count}
    if (count := len(_QUESTION.findall(seen))) > 1:
        yield "many-questions", {"key": key, "count": count}


def _long_sentence(seen: str, limit: int) -> Iterator[Remark]:
    longest = max(sentences(seen), key=lambda sentence: len(syllables(sentence)), default="")
    count = len(syllables(longest))
    if count > SYLLABLES:
        rule = "long-sentence-short" if limit == SHORT_LIMIT else "long-sentence"
        yield rule, {"count": count, "begins": " ".join(longest.split()[:5])}


def _vietnamese_words(seen: str) -> Iterator[Remark]:
    for hit in words.forbidden_word.finditer(seen):
        index = int((hit.lastgroup or "w0")[1:])
        instead = list(words.FORBIDDEN.values())[index]
        yield "forbidden-word", {"word": hit[0], "instead": instead}
    plain = words.explained_code.sub("mã vuông", seen)
    for hit in words.abbreviation.finditer(plain):
        yield "forbidden-word", {"word": hit[0], "instead": words.ABBREVIATIONS[hit[0]]}
    for word in dict.fromkeys(syllables(plain)):
        if _is_abbreviation(word):
            yield "abbreviation", {"word": word}
    for hit in words.clock_style.finditer(seen):
        yield "clock-style", {"word": hit[0]}
    for word, instead in words.old_tones(seen).items():
        yield "tone-style", {"word": word, "instead": instead}
    for word in dict.fromkeys(hit[0] for hit in words.address.finditer(seen)):
        yield "address", {"word": word}
    if (count := len(words.please.findall(seen))) > 1:
        yield "please-chain", {"count": count}


def _is_abbreviation(word: str) -> bool:
    return (
        len(word) > 1
        and word.isalpha()
        and word.isupper()
        and not words.roman.fullmatch(word)
        and word not in words.SPELLED_LIKE_THIS
        and word not in words.ABBREVIATIONS
    )
