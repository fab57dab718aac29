"""From words to an approved notice: whole replies in their languages, people frozen one by one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.errors import Refusal
from bot.i18n import N_, Texts
from bot.notices.templates import misfit
from bot.store import Store, Work
from bot.values.event import Event
from bot.values.letter import Lane, OnUnknown
from bot.values.notice import (
    MOST_ROUNDS,
    READ,
    RECEIVED,
    SHORTEST_GAP,
    SHORTEST_URGENT_GAP,
    Acknowledgement,
    Audience,
    Notice,
    NoticeState,
    QuietHours,
)
from bot.values.reply import Choice, Reply, Style
from bot.values.template import Template

EVERYBODY = Audience()
MANY_CHUNKS = 2  # the last one is empty
TALK = N_("🙋 Talk to a person")


def reply_in(
    texts: Texts, event: Event, language: str, words: str, lane: Lane, *, asks: bool
) -> Reply:
    """A notice's words in one language, with what stands under every message (UX rule 5)."""
    t = texts.translator(language, event.zone)
    choices = (Choice(t("I received it"), RECEIVED),) if asks else ()
    controls = (
        Choice(t("Read again"), READ),
        Choice(t("↩︎ Back"), "menu.back"),
        Choice(t(TALK), "helper.start"),
    )
    style = Style.WARNING if lane <= Lane.URGENT else Style.PLAIN
    menu = Choice(t("To the menu"), "menu.show")
    return Reply(words.strip(), (*choices, menu), style=style, controls=controls, language=language)


def draft(
    work: Work,
    event_id: int,
    replies: Mapping[str, Reply],
    *,
    author: str,
    audience: Audience = EVERYBODY,
    lane: Lane = Lane.SCHEDULED,
    acknowledge: bool = False,
    max_rounds: int = 0,
    gap: timedelta = SHORTEST_GAP,
    expires_at: datetime | None = None,
    quiet_hours: QuietHours = QuietHours.WAIT,
    on_unknown: OnUnknown = OnUnknown.RESEND,
    template: Template | None = None,
) -> Notice:
    """Write a notice down; nobody gets anything before `approve`.

    `replies` by language, Vietnamese among them; `template`: what goes, for money, to whom nothing
    else gets. Raises Refusal for what cannot be meant.
    """
    _check(work, replies, lane, acknowledge, max_rounds, gap, expires_at)
    if template is not None and (why := misfit(template, replies["vi"].text)):
        raise Refusal(why)
    made = {
        "texts": replies,
        "template": template,
        "audience": audience,
        "lane": lane,
        "author": author,
        "expires_at": expires_at,
        "quiet_hours": quiet_hours,
        "acknowledgement": Acknowledgement.ASKED if acknowledge else Acknowledgement.NONE,
        "on_unknown": on_unknown,
        "max_rounds": max_rounds,
        "gap": gap,
    }
    found = work.notices.get(event_id, work.notices.add(event_id, made))
    assert found is not None
    return found


def _check(
    work: Work,
    replies: Mapping[str, Reply],
    lane: Lane,
    acknowledge: bool,
    max_rounds: int,
    gap: timedelta,
    expires_at: datetime | None,
) -> None:
    if not replies.get("vi") or not all(one.text for one in replies.values()):
        raise Refusal("A notice needs its words in Vietnamese, and in each language it names.")
    if lane is Lane.REPLY:
        raise Refusal("A notice is urgent (1), scheduled (2) or routine (3), never a reply (0).")
    if max_rounds and not acknowledge:
        raise Refusal("Sent again is only what asks for “I received it”.")
    shortest = SHORTEST_URGENT_GAP if lane is Lane.URGENT else SHORTEST_GAP
    if not 0 <= max_rounds <= MOST_ROUNDS or gap < shortest:
        minutes = int(shortest.total_seconds()) // 60
        raise Refusal(f"Sent again at most {MOST_ROUNDS} times, each {minutes} minutes apart.")
    if expires_at is not None and expires_at <= work.now:
        raise Refusal("A notice cannot expire in the past.")


async def approve(
    store: Store,
    event_id: int,
    notice_id: int,
    approver: str,
    *,
    not_before: datetime | None = None,
) -> Notice:
    """Freeze who gets it, and let it go out at `not_before` (None: now). Raises Refusal when it is
    no draft.

    The people are frozen some thousands at a time, and the one commit at the end makes it count:
    killed in between, it still is a draft.
    """
    found = await store.read(lambda work: work.notices.get(event_id, notice_id))
    if found is None or found.state is not NoticeState.DRAFT:
        raise Refusal(f"There is no draft {notice_id} in this event.")
    one = found
    await store.write(lambda work: work.notices.thaw(one.id))
    after: int | None = 0
    chunks = 0
    while after is not None:
        after = await store.write(partial(_freeze, one=one, after=after))
        chunks += 1
    if chunks > MANY_CHUNKS:
        await store.write(lambda work: work.notices.count_anew())
    return await store.write(lambda work: _approve(work, one, approver, not_before))


def _freeze(work: Work, one: Notice, after: int) -> int | None:
    return work.notices.freeze(one, after)


def _approve(work: Work, one: Notice, approver: str, not_before: datetime | None) -> Notice:
    if not work.notices.approve(one.id, approver, not_before):
        raise Refusal(f"There is no draft {one.id} in this event.")
    subject = f"notice:{one.id}"
    work.audit.add(one.event_id, approver, "notice.approve", subject, lane=int(one.lane))
    found = work.notices.get(one.event_id, one.id)
    assert found is not None
    return found
