"""A content version with more in it: a new answer, or more examples, held to the rules of content.

Pure: a Library goes in, another comes out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.content import (
    SENSITIVE_TOPICS,
    Answer,
    AnswerText,
    Audience,
    AudienceError,
    Library,
    inspect,
)
from bot.errors import Refusal
from bot.library import GO_TARGETS
from bot.masks import BLANK
from bot.text import fold, syllables

Example = tuple[str, str]  # language and words
FEW = "few-questions"


def with_examples(library: Library, answer_id: str, examples: Iterable[Example]) -> Library:
    """The answer with these examples, in the languages it speaks.

    Left out are other languages, what is an example already, and what has blanks in it.
    """
    found = library.answers.get(answer_id)
    if found is None:
        raise Refusal(f"There is no answer {answer_id}. See the folder of the content.")
    given: dict[str, list[str]] = defaultdict(list)
    for language, words in examples:
        if BLANK not in words:
            given[language].append(words)
    words_of = {
        language: replace(text, questions=(*text.questions, *_new(library, language, given)))
        for language, text in found.by_language.items()
    }
    return _with(library, replace(found, by_language=MappingProxyType(words_of)))


def with_answer(
    library: Library, draft: Mapping[str, Any], answer_id: str, updated: datetime
) -> Library:
    """The content with a new answer in Vietnamese. Raises Refusal when its rules forbid it."""
    if answer_id in library.answers:
        raise Refusal(f"There is an answer {answer_id} already: use --answer {answer_id}.")
    text = AnswerText(draft["title"], draft["text"], draft["short"], tuple(draft["questions"]))
    answer = Answer(
        id=answer_id,
        topic=draft["topic"],
        audience=_audience(draft["audience"]),
        sensitive=draft["topic"] in SENSITIVE_TOPICS,
        source=draft["source"] or "Ban Tổ chức",
        updated=updated,
        place="",
        item="",
        go="",
        by_language=MappingProxyType({"vi": text}),
    )
    return _with(library, answer)


def named(library: Library, title: str) -> str:
    """A free id for an answer with this title."""
    stem = re.sub("[^a-z0-9]+", "-", fold(title)).strip("-")[:40] or "cau-hoi"
    tries = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 1000))
    return next(one for one in tries if one not in library.answers)


def checked(before: Library, after: Library) -> None:
    """Raises Refusal when the change breaks a rule that blocks; what was there before may stay.

    An answer may begin with few examples, for people wait for it: more come as more is asked.
    """
    steps = frozenset(GO_TARGETS)
    known = {(one.file, one.rule, one.values) for one in inspect(before, steps=steps)}
    new = [
        one
        for one in inspect(after, steps=steps)
        if one.blocks and one.rule != FEW and (one.file, one.rule, one.values) not in known
    ]
    if new:
        raise Refusal("\n".join(f"{one.file}: {one.what} {one.cure}" for one in new))


def _with(library: Library, answer: Answer) -> Library:
    answers = dict(library.answers) | {answer.id: answer}
    return replace(library, answers=MappingProxyType(dict(sorted(answers.items()))))


def _new(library: Library, language: str, given: Mapping[str, list[str]]) -> tuple[str, ...]:
    texts = (answer.by_language.get(language) for answer in library.answers.values())
    known = {_key(one) for text in texts if text is not None for one in text.questions}
    fresh = {_key(one): one for one in given.get(language, ())}
    return tuple(one for key, one in fresh.items() if key and key not in known)


def _key(words: str) -> str:
    return " ".join(syllables(fold(words)))


def _audience(written: str) -> Audience:
    terms = [term.strip() for term in written.split(",") if term.strip()]
    try:
        return Audience.parse(terms)
    except AudienceError as error:
        raise Refusal(f"The audience {error.term or written!r} is none. Try: public.") from None
