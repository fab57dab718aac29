"""What a question asks for, apart from what it is about: when, where, or what is on.

Small lists of words, for questions the programme answers; whatever they do not cover is left to
the approved answers. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from bot.answers.normalise import Tokens, readings, rules_for, tokens
from bot.answers.when_words import ENGLISH
from bot.answers.wording import FILLERS

_RULES = replace(rules_for("vi"), mended_from=0)
_MOST_SPLITS = 4
_BETWEEN = regex.compile(
    r"[?;\n,]+|(?<!\p{L})(?:với lại|voi lai|và|va|and|also)(?!\p{L})", regex.IGNORECASE
)

_WHEN = (
    *("mấy giờ", "bao giờ", "khi nào", "chừng nào", "lúc nào", "khi mô", "giờ nào", "hồi nào"),
    *("hôm nào", "ngày nào", "ngày mấy", "thứ mấy", "bữa nào", "hôm mô", "bữa mô", "buổi nào"),
    *("what time", "when", "what day", "which day", "how late"),
)
_WHERE = (
    *("ở đâu", "chỗ nào", "nơi nào", "ở mô", "đi mô", "chỗ mô", "đằng nào", "hướng nào", "đâu"),
    *("where", "which place"),
)
# One thing in different words, and in the words of programmes.
_SAME: Mapping[str, tuple[str, ...]] = {
    "@breakfast": ("ăn sáng", "cơm sáng", "điểm tâm", "bữa sáng"),
    "@lunch": ("ăn trưa", "cơm trưa", "bữa trưa"),
    "@dinner": ("ăn tối", "cơm tối", "ăn chiều", "cơm chiều", "bữa tối"),
    "@vote": ("bỏ phiếu", "bầu cử", "đi bầu"),
    "@concert": ("văn nghệ", "ca nhạc", "ca múa nhạc"),
}
# Words that ask for the programme, words that may stand beside them, and words that mean nothing
# here. Apart by language: "to", "an" and "do" are Vietnamese words typed without their accents.
_ON = {
    "vi": "gì chi họp làm lịch chương trình hoạt động nội dung diễn phiên",
    "en": """
what programme program schedule agenda happening happens happen anything plan planned meetings
sessions
""",
}
_BESIDE = {
    "vi": """
có những các nào không xem thế như ra sao phải tham gia dự đại hội nghị buổi mục phần cả trong tất
ngày hôm bữa lúc vào từ đến còn nữa là đi bắt đầu tập trung chạy xuất phát khởi hành kết thúc xong
""",
    "en": """
on is there show any going give me for of with all during whole will be takes place about day start
starts begin begins end ends finish leave leaves served
""",
}
_PARTICLES = {
    "vi": """
còn thế vậy thì sao rứa hè hả nhỉ đó đấy này ấy kia là lúc vào ở tại hôm ngày bữa buổi ta ha hen
nghe đi nào nữa mà hở cái đại biểu mọi người lại
""",
    "en": "how about then so at by from into that this it again",
}


def _keyed(written: str) -> frozenset[str]:
    return frozenset(tokens(written, _RULES))


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of one language, keyed."""

    on: frozenset[str]
    beside: frozenset[str]
    fillers: frozenset[str]

    @staticmethod
    def of(language: str) -> "_Words":
        fillers = _keyed(FILLERS[language]) | _keyed(_PARTICLES[language])
        return _Words(_keyed(_ON[language]), _keyed(_BESIDE[language]), fillers)


_WORDS = {language: _Words.of(language) for language in ("vi", "en")}
_ASKING = {
    name: sorted({tokens(one, _RULES) for one in phrases}, key=len, reverse=True)
    for name, phrases in (("when", _WHEN), ("where", _WHERE))
}
_PHRASES = {
    thing: [tokens(phrase, _RULES) for phrase in phrases] for thing, phrases in _SAME.items()
}
_KNOWN = frozenset(
    word
    for words in _WORDS.values()
    for several in (words.on, words.beside, words.fillers)
    for word in several
).union(
    word
    for table in (_ASKING, _PHRASES)
    for said in table.values()
    for phrase in said
    for word in phrase
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A question taken apart. `about` are the words that name what it is about."""

    english: bool  # else Vietnamese, whose words without accents look like English ones
    when: bool
    where: bool
    whats_on: bool  # it asks for the programme, and for nothing else
    about: Tokens  # without words that ask for the programme in general


def is_english(question: str) -> bool:
    """Is this surely English? Vietnamese without accents has many of its small words, too."""
    return ENGLISH.search(question.lower()) is not None


def heard(question: str, titles: Iterable[str] = (), *, english: bool = False) -> Heard:
    """Take a question apart; words of the `titles` are known, and never repaired."""
    known = _KNOWN.union(*map(title_words, titles))
    words = readings(question, _RULES, dict.fromkeys(known, 1))[0]
    words, when = _without(words, "when")
    words, where = _without(words, "where")
    mine = _WORDS["en" if english else "vi"]
    named = {at for start, end, _ in _same(words) for at in range(start, end)}
    kept = [w for at, w in enumerate(words) if at in named or w not in mine.fillers]
    asking = [word for word in words if word in mine.on]
    rest = tuple(word for word in kept if word not in mine.on | mine.beside)
    return Heard(english, when, where, bool(asking) and not rest, rest)


def _without(words: Tokens, name: str) -> tuple[Tokens, bool]:
    for phrase in _ASKING[name]:
        for at in range(len(words) - len(phrase) + 1):
            if words[at : at + len(phrase)] == phrase:
                return words[:at] + words[at + len(phrase) :], True
    return words, False


@lru_cache(maxsize=4096)  # the same few hundred titles in every question
def title_words(title: str) -> Tokens:
    """The words of a title, and the things they name."""
    said = tokens(title, _RULES)
    return (*said, *_things(said))


def names(about: Tokens, title: str, note: str) -> bool:
    """Do these words name something with this title? All of them have to stand there.

    "Cơm trưa" names what is called "Ăn trưa". In the note they have to be three or more.
    """
    said = frozenset(title_words(title))
    shared = said.intersection(_things(about))
    spans = [(start, end) for start, end, thing in _same(about) if thing in shared]
    left = {w for at, w in enumerate(about) if not any(s <= at < e for s, e in spans)}
    if about and left <= said:
        return True
    return len(set(about)) > 2 and left <= said.union(title_words(note))


def is_title(about: Tokens, title: str) -> bool:
    """Are these the very words of a title?"""
    return bool(about) and set(about) == set(tokens(title, _RULES))


def _same(words: Tokens) -> Iterator[tuple[int, int, str]]:
    """Where words name such a thing: start, end, "@lunch"."""
    for thing, phrases in _PHRASES.items():
        for phrase in phrases:
            for at in range(len(words) - len(phrase) + 1):
                if words[at : at + len(phrase)] == phrase:
                    yield at, at + len(phrase), thing


def _things(words: Tokens) -> Tokens:
    return tuple(dict.fromkeys(thing for _, _, thing in _same(words)))


def halves(question: str) -> Iterator[tuple[str, str]]:
    """The ways to cut a message into two questions, each of at least two words."""
    question = question.strip(" ?;,.\n")
    for number, between in enumerate(_BETWEEN.finditer(question)):
        if number == _MOST_SPLITS:
            return
        first, second = question[: between.start()].strip(), question[between.end() :].strip()
        if min(len(tokens(first, _RULES)), len(tokens(second, _RULES))) > 1:
            yield first, second
