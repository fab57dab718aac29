"""What organisers do about questions: answer, approve, dismiss, and take it back before it counts.

Two steps, by whoever the organisers trust with each: one proposes, one approves. Every step stands
in the audit log by numbers, without a word of the questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.content import Library
from bot.errors import Refusal
from bot.jobs import defer
from bot.library import pictures_of, put, taken
from bot.questions import edited
from bot.questions.telling import ANSWERED
from bot.store import Work
from bot.store.questions import Decision
from bot.values.event import Event


@dataclass(frozen=True, slots=True)
class Draft:
    """A new answer before it is approved, in Vietnamese. `audience` as content files write it.

    `questions` are more examples than those that were sent. An empty `id` is made of the title.
    """

    title: str
    text: str
    topic: str
    short: str = ""
    audience: str = "linked"
    source: str = ""
    id: str = ""
    questions: tuple[str, ...] = ()


def answer_with(
    work: Work, event: Event, ids: Sequence[int], answer_id: str, author: str
) -> Decision:
    """These questions ask for an answer there is. Raises Refusal when there is none like that."""
    library = _library(work, event)
    edited.checked(library, edited.with_examples(library, answer_id, _examples(work, event, ids)))
    return _decide(work, event, ids, "answer", author, answer_id)


def answer_with_draft(
    work: Work, event: Event, ids: Sequence[int], draft: Draft, author: str
) -> Decision:
    """These questions need an answer that is new. Raises Refusal when its words break a rule."""
    library = _library(work, event)
    answer_id = draft.id or edited.named(library, draft.title)
    words = {name: getattr(draft, name) for name in Draft.__slots__ if name != "id"}
    after = edited.with_answer(library, words, answer_id, work.now)
    edited.checked(library, edited.with_examples(after, answer_id, _examples(work, event, ids)))
    return _decide(work, event, ids, "new", author, answer_id, words)


def dismiss(work: Work, event: Event, ids: Sequence[int], author: str) -> Decision:
    """Nobody will answer these; they are listed no more, and `reopen` takes it back."""
    return _decide(work, event, ids, "dismiss", author)


def reopen(work: Work, event: Event, number: int, author: str) -> int:
    """Take back what was decided about a question and those with it; how many wait again."""
    found = decision(work, event, number)
    count = work.questions.reopen(event.id, found.id)
    if count == 0:
        raise Refusal(f"The answer to question {number} is approved and was sent.")
    work.audit.add(event.id, author, "questions.reopen", f"decision:{found.id}", count=count)
    return count


def decision(work: Work, event: Event, number: int) -> Decision:
    """What was decided about the question with this number. Raises Refusal while it waits."""
    found = work.questions.decision(event.id, number)
    if found is None:
        raise Refusal(f"Nothing was decided about question {number}. See: donghanh questions list.")
    return found


def approve(work: Work, event: Event, number: int, approver: str) -> Decision:
    """Put a new content version in force and owe the answer to everybody who asked.

    The version holds the answer with the questions as examples. Raises Refusal when the draft does
    not fit the content any more, or was approved already.
    """
    found = decision(work, event, number)
    if found.kind == "dismiss" or found.approved_at is not None:
        what = "was dismissed" if found.kind == "dismiss" else "is answered already"
        raise Refusal(f"Question {number} {what}.")
    library = _library(work, event)
    after = library
    if found.kind == "new":
        after = edited.with_answer(library, found.draft, found.answer_id, work.now)
    sent = work.questions.decided(event.id, found.id)
    examples = [(one.language, one.text) for one in sent]
    after = edited.with_examples(after, found.answer_id, examples)
    note = f"questions: decision {found.id}"
    put_in_force(work, event, library, after, author=found.author, approver=approver, note=note)
    work.questions.approve(event.id, found.id, approver, found.answer_id)
    subject = f"decision:{found.id}"
    work.audit.add(event.id, approver, "questions.approve", subject, author=found.author)
    args = {"event": event.id, "decision": found.id, "answer": found.answer_id}
    defer(work, ANSWERED, f"{event.id}:{found.id}", args, event.id)
    return found


def put_in_force(
    work: Work,
    event: Event,
    before: Library,
    after: Library,
    *,
    author: str,
    approver: str,
    note: str,
) -> None:
    """The edited content as a new version. Raises Refusal when a rule of content forbids it."""
    edited.checked(before, after)
    pictures = pictures_of(work, event, after)
    put(work, event, after, pictures, author=author, approver=approver, note=note)


def _library(work: Work, event: Event) -> Library:
    if event.closed_at is not None:
        raise Refusal(f"The event {event.slug} is closed; its content stays as it is.")
    return taken(work, event)[1]


def _examples(work: Work, event: Event, ids: Sequence[int]) -> list[edited.Example]:
    wanted = set(ids)
    waiting = work.questions.waiting(event.id)
    return [(one.language, one.text) for one in waiting if one.id in wanted]


def _decide(
    work: Work,
    event: Event,
    ids: Sequence[int],
    kind: str,
    author: str,
    answer_id: str = "",
    draft: dict[str, Any] | None = None,
) -> Decision:
    made = work.questions.decide(
        event.id, ids, kind=kind, author=author, answer_id=answer_id, draft=draft
    )
    work.audit.add(event.id, author, f"questions.{kind}", f"decision:{made}", count=len(ids))
    return decision(work, event, min(ids))
