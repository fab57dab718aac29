"""The answer goes to everybody who asked, each in her language; then nobody knows who it was.

A letter and the end of the tie to its asker are one commit, so a job that runs twice tells once.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.access import facets_of
from bot.content import PERSONAL_SLOTS, Answer, Library, loads, slots
from bot.errors import StaleSession
from bot.i18n import N_, Texts, Translator
from bot.jobs import Progress
from bot.outbox import Owed, put
from bot.reach import address_of, addresses_of
from bot.store import Store, Work
from bot.store.accounts import Address
from bot.store.questions import Sent
from bot.text import clip
from bot.values.event import Event
from bot.values.letter import Lane, Letter
from bot.values.person import Person
from bot.values.reply import Choice, Reply

ANSWERED = "answered"  # the job
CHUNK = 20  # letters in one transaction: short enough not to hold up a turn
REPLAYS = 3
QUOTED = 80  # visible characters of her own question
TALK = N_("🙋 Talk to a person")


def people_of(sent: Sequence[Sent]) -> int:
    """How many people would be told."""
    return len({one.person_id for one in sent if one.person_id is not None})


async def tell(store: Store, texts: Texts, args: Mapping[str, Any], progress: Progress) -> None:
    """Owe the answer to everybody who asked for it, a few at a time.

    Who cannot be reached keeps her question; nothing about her is written anywhere.
    """
    looked = await store.read(lambda work: _looked(work, args["event"], args["decision"]))
    if looked is None:
        return
    event, library, sent = looked
    answer = library.answers.get(args["answer"])
    if answer is None:
        return
    teller = _Teller(event, library, answer, texts)
    for done in range(0, len(sent), CHUNK):
        await _some(store, teller, sent[done : done + CHUNK])
        await progress(min(done + CHUNK, len(sent)), len(sent))


def _looked(
    work: Work, event_id: int, decision_id: int
) -> tuple[Event, Library, list[Sent]] | None:
    event = work.events.get(event_id)
    if event is None or event.version_id is None or event.closed_at is not None:
        return None
    body = work.contents.body(event_id, event.version_id)
    if body is None:
        return None
    sent = [one for one in work.questions.decided(event_id, decision_id) if one.person_id]
    return event, loads(body).moved(event.first_day), sent


async def _some(store: Store, teller: "_Teller", sent: Sequence[Sent]) -> None:
    for _ in range(REPLAYS):
        try:
            await store.write(lambda work: teller.tell(work, sent))
        except StaleSession:  # somebody of them is talking just now
            continue
        return
    raise StaleSession("told in vain")


class _Teller:
    """One answer, and how it is told to one person after the other."""

    def __init__(self, event: Event, library: Library, answer: Answer, texts: Texts) -> None:
        self._event, self._library, self._answer, self._texts = event, library, answer, texts

    def tell(self, work: Work, sent: Sequence[Sent]) -> None:
        """Owe it to these; who is owed it already, or was erased meanwhile, is passed over."""
        for one in sent:
            person = work.people.get(one.person_id, self._event.id) if one.person_id else None
            where = _where(work, person, one, self._event.id) if person else None
            if person is not None and where is not None:
                self._owe(work, one, person, where)
                work.questions.untie(one.id)

    def _owe(self, work: Work, sent: Sent, person: Person, where: Address) -> None:
        t = self._texts.translator(person.language or sent.language, self._event.zone)
        reply = self._reply(t, person, sent, shared=len(work.accounts.people_at(where.id)) > 1)
        letter = Letter(
            f"question:{sent.id}",
            {reply.language: reply},
            event_id=self._event.id,
            lane=Lane.SCHEDULED,
        )
        queue = work.queues.ensure(where.account_id)
        put(work, [Owed(letter, person.id, where.id, where.sender, queue, reply.language)], {})
        work.sessions.number_anew(where.id, reply)

    def _reply(self, t: Translator, person: Person, sent: Sent, *, shared: bool) -> Reply:
        language, text = self._library.text(self._answer, t.language.chain)
        lines = [t("You asked: “{question}”", question=clip(sent.text, QUOTED))]
        if shared and person.record is not None:
            lines.insert(0, f"{clip(person.record.full_name, 60)}:")  # whose answer this is
        words = text.short if person.simple and text.short else text.text
        if self._may_read(person, words):
            hotline = self._library.event.hotline
            absent = t("(the organisers have not announced it)")
            lines += [_filled(words, hotline or absent), self._source(t, language)]
            more = Choice(t("Ask about more"), f"ask.topic:{self._answer.topic}")
        else:
            lines.append(t("The organisers have an answer: {title}.", title=text.title))
            go = self._answer.go or f"ask.answer:{self._answer.id}"
            more = Choice(t("See the answer"), go)
        choices = (more, Choice(t("Talk to a person"), "helper.start"))
        menu = Choice(t("To the menu"), "menu.show")
        spoken = t.spoken_in(TALK)
        return Reply("\n".join(lines), (*choices, menu), controls=_controls(t), language=spoken)

    def _may_read(self, person: Person, words: str) -> bool:
        """Her own values, and what is not for her, only the dialogue says; it asks who she is."""
        personal = not PERSONAL_SLOTS.isdisjoint(slots(words))
        admitted = self._library.admits(self._answer, facets_of(person))
        return bool(words) and admitted and not personal

    def _source(self, t: Translator, language: str) -> str:
        told = {"source": self._answer.source, "stamp": t.stamp(self._answer.updated)}
        if t.language.has_text and language != t.language.code:
            return t("(Source: {source}, updated {stamp}. In Vietnamese only.)", **told)
        return t("(Source: {source}, updated {stamp})", **told)


def _where(work: Work, person: Person, sent: Sent, event_id: int) -> Address | None:
    """Where she prefers, else where she asked; a guest there, while that is still her chat."""
    able = {one.id: one for one in addresses_of(work, person.id, event_id)}
    if person.preferred_address_id is None and sent.address_id in able:
        return able[sent.address_id]
    found = address_of(work, person.id, event_id)
    if found is not None or sent.address_id is None or person.record is not None:
        return found
    session = work.sessions.get(sent.address_id)
    if session is None or session.person_id != person.id:
        return None
    address = work.accounts.by_id(sent.address_id)
    gone = address is None or address.gone_at is not None or address.frozen_at is not None
    return None if gone else address


def _controls(t: Translator) -> tuple[Choice, ...]:
    return (
        Choice(t("Read again"), "menu.again"),
        Choice(t("↩︎ Back"), "menu.back"),
        Choice(t(TALK), "helper.start"),
    )


def _filled(words: str, hotline: str) -> str:
    known = {"{{": "{", "}}": "}", "{hotline}": hotline}
    return re.sub(r"\{\{|\}\}|\{hotline\}", lambda hit: known[hit[0]], words)
