"""What must be empty after a storm, each by its name: nothing is judged by how it was meant."""

import itertools
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass

from bot.values.incoming import Kind
from tests.storm.desk import Ledger
from tests.storm.planted import allowed, of_event
from tests.storm.storming import Marks, Storm, Where
from tests.storm.weather import Card, tap, text

APOLOGIES = "SELECT key FROM letter WHERE substr(key, length(key) - 5) = ':sorry'"
# Nobody waits for an answer to these.
UNANSWERED = (Kind.LEFT, Kind.RECEIPT)
FINE = {
    *(("sent", ""), ("failed", "blocked"), ("uncertain", "time-out")),
    # She had her data deleted, or her phone was reported lost, while it waited.
    *(("cancelled", "erased"), ("cancelled", "address frozen")),
}


@dataclass
class Judge:
    """Looks at one storm; `troubles` are what tasks and logs complained of meanwhile."""

    storm: Storm
    ledger: Ledger
    troubles: list[str]

    async def verdict(self) -> dict[str, object]:
        """Every fault by its name; an empty dict when there is none."""
        stuck = await self._stuck()
        rows = self.storm.rows
        found: dict[str, object] = {
            "troubles": self.troubles,
            "stuck": stuck,
            "apologies": await rows(APOLOGIES),
            "not turned": await rows("SELECT id FROM inbound WHERE done_at IS NULL"),
            "kept words": await rows("SELECT id FROM inbound WHERE payload IS NOT NULL"),
            "open": await self.storm.open_rows(),
            "bugs": await rows("SELECT id FROM delivery WHERE reason = 'bug'"),
            "crossed": await self._crossed(),
            "unproved": await self._unproved(),
            "disordered": await self._disordered(),
            "not sent": await self._not_sent(),
            "silent": await self._silent(),
            "lost": await self._lost(),
        }
        return {name: what for name, what in found.items() if what}

    async def _stuck(self) -> list[str]:
        """After a card (the event must be known) and a language, 0 leads everybody to the menu."""
        await self.storm.clear_up()
        wrote = [who for who in self.storm.weather.crowd if who.wrote]
        before = self.storm.sent
        for who in wrote:
            who.person = self.storm.ground.world.kept(who.account_id)
            who.plan.extend((Card(0), tap("welcome.language:1")))
        await self.storm.play()
        await self.storm.clear_up()
        for channel in self.storm.channels:
            channel.shown.clear()
        for who in wrote:
            who.plan.append(text("0"))
        await self.storm.play()
        await self.storm.clear_up()
        self.storm.sent = before
        shown = {where: v for one in self.storm.channels for where, v in one.shown.items()}
        return [
            f"{who.where} sees {shown.get(who.where)}"
            for who in wrote
            if not _is_menu(shown.get(who.where, []))
        ]

    async def _crossed(self) -> list[str]:
        """What was shown and was not hers, not of this event, or no longer to be told."""
        told = "SELECT id, person_id, event_id, address_id FROM delivery"
        whose = {row[0]: row[1:] for row in await self.storm.rows(told)}
        links = "SELECT actor, subject FROM audit_log WHERE verb = 'link'"
        linked = set(await self.storm.rows(links))
        slugs = dict(await self.storm.rows("SELECT id, slug FROM event"))
        people, found = self.storm.ground.world.of_person(), []
        for delivery_id, where, marks in self._marks():
            person_id, event_id, address_id = whose[delivery_id]
            person = people.get(person_id)
            hers = frozenset(mark for mark in marks if mark[1] != "E")
            tied = (f"address:{address_id}", f"person:{person_id}") in linked
            here = person is not None and person.event_id == event_id and tied
            # On a phone of several people it says whom it speaks for: their names, no more.
            beside = {
                (p.mark, "N")
                for i, p in people.items()
                if (f"address:{address_id}", f"person:{i}") in linked
            }
            rest = hers - beside
            if rest and not (here and all(allowed(mark, person) for mark in rest)):
                found.append(f"{where} as {person and person.mark} saw {sorted(hers)}")
            # A bot of one event speaks of no other, whatever a delivery says it is about.
            slug = slugs.get(self.storm.ground.world.own_event[where[0]] or event_id)
            if any(of_event(mark) != slug for mark in marks):
                found.append(f"{where} in {slug} saw {sorted(marks)}")
            found += self._no_longer(delivery_id, where, hers)
        return found

    def _marks(self) -> list[tuple[int, Where, Marks]]:
        return [one for channel in self.storm.channels for one in channel.marks]

    def _no_longer(self, delivery_id: int, where: Where, marks: Marks) -> list[str]:
        """Shown after she withdrew, was erased, or her phone was reported lost."""
        return [
            f"{where} still saw {mark} by delivery {delivery_id}: {one}"
            for mark, one in itertools.product(sorted(marks), self.ledger.silences)
            if one.broken_by(delivery_id, where, mark[0])
        ]

    async def _unproved(self) -> list[str]:
        """Linked where neither her digits were typed nor a desk did it."""
        typed: dict[Where, set[str]] = defaultdict(set)
        for one in self.storm.accepted:
            typed[one.account_id, one.sender].add(_decimals(one.text))
        sql = "SELECT id, account_id, sender FROM address"
        at = {f"address:{row[0]}": (row[1], row[2]) for row in await self.storm.rows(sql)}
        people = {f"person:{i}": p for i, p in self.storm.ground.world.of_person().items()}
        links = "SELECT actor, subject FROM audit_log WHERE verb = 'link'"
        found = []
        for actor, subject in await self.storm.rows(links):
            where, person = at[actor], people[subject]
            if where not in typed:
                continue  # she was erased, and her address is nobody's since
            by_hand = (where, person.mark) in self.ledger.by_hand
            if not by_hand and person.phone[-4:] not in typed[where]:
                found.append(f"{where} speaks for {person.mark}")
        return found

    async def _disordered(self) -> list[str]:
        """Replies that overtook others: delivery, then update, must never go back."""
        sql = "SELECT d.id, l.key FROM delivery d JOIN letter l ON l.id = d.letter_id"
        keys = {row[0]: str(row[1]).split(":") for row in await self.storm.rows(sql)}
        found = []
        for channel in self.storm.channels:
            for where, ids in channel.order.items():
                # Of somebody who had herself erased, no key tells the update any more.
                updates = [int(keys[one][2]) for one in ids if keys[one][0] == "in"]
                if updates != sorted(updates) or ids != sorted(ids):
                    found.append(f"{where}: {_back(ids)} {_back(updates)}")
        return found

    async def _not_sent(self) -> dict[str, int]:
        """Ends that no fault of the weather explains."""
        sql = "SELECT state, coalesce(reason, ''), act, count(*) FROM delivery GROUP BY 1, 2, 3"
        ends: Counter[str] = Counter()
        for state, reason, act, count in await self.storm.rows(sql):
            late_tap = (state, act) == ("expired", "answer_tap")
            if (state, reason) not in FINE and not late_tap:
                ends[f"{state} {reason} {act}"] += count
        return dict(ends)

    async def _silent(self) -> list[str]:
        """Who said something, and nothing was said to her. Erased letters name no update."""
        if self.ledger.purged:
            return []
        keys = await self.storm.rows("SELECT key FROM letter WHERE substr(key, 1, 3) = 'in:'")
        answered = {tuple(str(key).split(":")[1:3]) for (key,) in keys}
        # Whoever is erased takes along what was said at every address that spoke for her.
        nameless = (
            "SELECT DISTINCT a.account_id, a.sender FROM address a JOIN delivery d "
            "ON d.address_id = a.id JOIN letter l ON l.id = d.letter_id "
            "WHERE substr(l.key, 1, 3) <> 'in:'"
        )
        erased = set(await self.storm.rows(nameless))
        erased |= self.ledger.erased_at
        return [
            f"{one.sender}@{one.account_id} {one.kind} {one.update_id}"
            for one in self.storm.accepted
            if one.kind not in UNANSWERED
            and (str(one.account_id), one.update_id) not in answered
            and (one.account_id, one.sender) not in erased
        ]

    async def _lost(self) -> dict[str, int]:
        """Everything that was new is kept once, and nothing else is."""
        [(kept,)] = await self.storm.rows("SELECT count(*) FROM inbound")
        new = len(self.storm.accepted)
        return {} if kept == new else {"accepted": new, "kept": kept}

    async def tallied(self) -> None:
        """Add what this storm did to the tally of the run."""
        tally, rows = self.storm.ground.tally, self.storm.rows
        [(links,)] = await rows("SELECT count(*) FROM audit_log WHERE verb = 'link'")
        [(replies,)] = await rows("SELECT count(*) FROM delivery WHERE act = 'say'")
        tally.scripts += 1
        tally.updates += self.storm.sent
        tally.links += links
        tally.replies += replies
        tally.told += sum(any(m[1] != "E" for m in marks) for _, _, marks in self._marks())


def _is_menu(values: list[str]) -> bool:
    """Of somebody linked, of a stranger, or of one who is to call."""
    names = {value.partition(":")[0] for value in values}
    return "programme.today" in names and bool({"menu.more", "emergency.show"} & names)


def _decimals(words: str) -> str:
    values = (unicodedata.decimal(character, None) for character in words)
    return "".join(str(value) for value in values if value is not None)


def _back(ids: list[int]) -> str:
    at = next((n for n, (a, b) in enumerate(itertools.pairwise(ids)) if a > b), 0)
    return str(ids[max(0, at - 2) : at + 4])
