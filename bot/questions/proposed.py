"""Words that led delegates to an answer become its examples, once somebody accepts them."""

from collections import defaultdict
from collections.abc import Sequence

from bot.errors import Refusal
from bot.library import taken
from bot.questions import edited
from bot.questions.deciding import put_in_force
from bot.store import Work
from bot.store.proposals import Proposal
from bot.values.event import Event


def accept(work: Work, event: Event, ids: Sequence[int], author: str) -> int:
    """They are examples from now on, in a new content version; how many were taken.

    Raises Refusal for a number that does not wait, or when its answer is gone.
    """
    chosen = _chosen(work, event, ids)
    library = after = taken(work, event)[1]
    by_answer: dict[str, list[edited.Example]] = defaultdict(list)
    for one in chosen:
        by_answer[one.answer_id].append((one.language, one.text))
    for answer_id, examples in by_answer.items():
        after = edited.with_examples(after, answer_id, examples)
    if after != library:
        note = f"questions: {len(chosen)} proposals"
        put_in_force(work, event, library, after, author=author, approver=author, note=note)
    return _settle(work, event, chosen, "accepted", author)


def refuse(work: Work, event: Event, ids: Sequence[int], author: str) -> int:
    """They are not shown again. Raises Refusal for a number that does not wait."""
    return _settle(work, event, _chosen(work, event, ids), "refused", author)


def _chosen(work: Work, event: Event, ids: Sequence[int]) -> list[Proposal]:
    waiting = {one.id: one for one in work.proposals.waiting(event.id)}
    lost = [number for number in ids if number not in waiting]
    if lost:
        raise Refusal(f"No proposal {lost[0]} waits. See: donghanh questions proposals.")
    return [waiting[number] for number in dict.fromkeys(ids)]


def _settle(work: Work, event: Event, chosen: Sequence[Proposal], state: str, author: str) -> int:
    ids = [one.id for one in chosen]
    done = work.proposals.settle(event.id, ids, state)
    subject = f"event:{event.id}"
    work.audit.add(event.id, author, f"proposals.{state}", subject, proposals=ids)
    return done
