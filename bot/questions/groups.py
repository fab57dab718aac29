"""Questions that wait, grouped by likeness and ranked by how many people asked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.answers.likeness import alike
from bot.content import Library
from bot.errors import Refusal
from bot.library import taken
from bot.store import Work
from bot.store.questions import Sent
from bot.values.event import Event

EXAMPLES = 5  # of a group, shown


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same. `number` is that of its oldest question and stays.

    `people` asked, which is less than the questions when one asked twice. `nearest` is the approved
    answer the most typical question is most like, `score` how likely it is the right one, 0 to 1.
    """

    number: int
    language: str
    people: int
    ids: tuple[int, ...]
    examples: tuple[str, ...]
    nearest: str
    score: float


def groups(work: Work, event: Event, most: int = 2000, *, quickly: bool = False) -> list[Group]:
    """What waits in an event, asked by most people first. The latest `most` are looked at.

    `quickly`: without the content, which tells common words from telling ones, in a third of the
    time; a little more groups.
    """
    in_force = event.version_id is not None and not quickly
    library = taken(work, event)[1] if in_force else None
    by_language: dict[str, list[Sent]] = defaultdict(list)
    for one in work.questions.waiting(event.id, most):
        by_language[one.language].append(one)
    found = [
        _group([sent[at] for at in members])
        for language, sent in by_language.items()
        for members in alike([one.text for one in sent], language, _approved(library, language))
    ]
    return sorted(found, key=lambda group: (-group.people, group.number))


def numbered(work: Work, event: Event, numbers: Iterable[int], *, only: bool = False) -> list[int]:
    """The ids of the questions in the groups of these numbers; with `only`, of just these.

    Raises Refusal for a number that does not wait.
    """
    wanted = list(dict.fromkeys(numbers))
    waiting = {one.id for one in work.questions.waiting(event.id)}
    lost = [number for number in wanted if number not in waiting]
    if lost:
        raise Refusal(f"No question {lost[0]} waits. See: donghanh questions list.")
    if only:
        return wanted
    found = groups(work, event)
    return sorted({one for group in found if set(group.ids) & set(wanted) for one in group.ids})


def _group(members: list[Sent]) -> Group:
    """`members` stand with the most typical first."""
    first = members[0]
    texts = {one.folded: one.text for one in reversed(members)}
    ordered = dict.fromkeys(texts[one.folded] for one in members)
    people = len({one.person_id for one in members if one.person_id is not None})
    return Group(
        number=min(one.id for one in members),
        language=first.language,
        people=max(people, 1),
        ids=tuple(sorted(one.id for one in members)),
        examples=tuple(ordered)[:EXAMPLES],
        nearest=first.answer_id,
        score=first.score,
    )


def _approved(library: Library | None, language: str) -> list[str]:
    """The examples of a language, which tell what is a common word."""
    if library is None:
        return []
    texts = (answer.by_language.get(language) for answer in library.answers.values())
    return [question for text in texts if text and not text.draft for question in text.questions]
