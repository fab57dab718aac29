"""Approved templates: what goes, for money, where Zalo takes nothing else from us.

Its errors are its own: a template that Zalo does not take stops templates, never answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.clock import Clock
from bot.errors import Later, Rejected, SendError
from bot.fit import Part
from bot.i18n import N_
from bot.notices.templates import Empty, said_to
from bot.office import Speak, tell_organisers
from bot.store import Store, Work
from bot.store.accounts import CLOSED_AFTER
from bot.store.templates import Task
from bot.values.delivery import Delivery
from bot.values.template import By
from bot.zalo import ZaloException, oa, send_error, zns
from bot.zalo.codes import Action, Row
from bot.zalo.oauth import number_in
from bot.zalo.outcome import row_for, wait_for

# What an account's settings remember: until then Zalo takes no more templates from it.
SPENT = "templates_spent_until"
QUOTA_USED = -144
_QUOTA = frozenset({-144, -1441})
# They speak of one person's values; others may be taken.
_OF_ONE = frozenset({-1121, -1122, -1124, -201, -210})
REFUSED = N_(
    "Zalo no longer takes the template “{name}” ({code}). People who can only be reached by it got "
    "nothing. Look at it in the account's console, then set it up again."
)

log = structlog.get_logger()


class TemplateLane:
    """Sends one account's templates. `open_number`: unseals a number of the list."""

    def __init__(
        self,
        account_id: int,
        client: oa.Client,
        phones: zns.Client,
        open_number: Callable[[str], str],
        speak: Speak,
        *,
        store: Store,
        clock: Clock,
    ) -> None:
        self._account_id = account_id
        self._client = client
        self._phones = phones
        self._store = store
        self._clock = clock
        self._open_number = open_number
        self._speak = speak

    async def aclose(self) -> None:
        """Let go of connections; the account's own client is its giver's."""
        await self._phones.aclose()

    async def say(self, delivery: Delivery, part: Part, *, closed: bool = False) -> str | None:
        """Send it; Zalo's id of the message. None: she did something meanwhile, so it may be said
        as usual, for less. However many parts it has, it is one template. `closed`: by Zalo's word.
        """
        task, spent = await self._store.read(lambda work: self._look(work, delivery.id))
        now = self._clock.now()
        if task is None:
            raise Rejected("template_unknown", "Its notice names no template.")
        if not closed and _is_back(delivery, task, now):
            return None
        if part.number:
            return ""
        if task.refused:
            raise Rejected(task.refused, "Zalo refused this template before.")
        if spent is not None and spent > now:
            raise Later(f"zalo{QUOTA_USED}", wait_seconds=(spent - now).total_seconds())
        try:
            answer = await self._send(delivery, task, said_to(task))
        except Empty as error:
            raise Rejected("template_empty", f"Nothing stands in {error}.") from None
        except ZaloException as error:
            failure = error
        else:
            return await self._taken(answer, now)
        raise await self._refused(task, failure, now)

    async def instead(self, delivery: Delivery, part: Part, code: str) -> str | None:
        """Zalo says that her window closed, which nobody had told us: the template goes, where her
        notice names one that goes by user id. None: nothing else may be said to her."""
        task = await self._store.read(lambda work: work.templates.task(delivery.id))
        if task is None or task.template.price is None:
            return None
        if task.template.account_id != self._account_id:
            return None
        await self._store.write(lambda work: work.accounts.mark_gone(delivery.address_id, code))
        return await self.say(replace(delivery, template=By.UID), part, closed=True)

    def _look(self, work: Work, delivery_id: int) -> tuple[Task | None, datetime | None]:
        return work.templates.task(delivery_id), spent_until(work, self._account_id)

    async def _send(self, delivery: Delivery, task: Task, params: dict[str, str]) -> dict[str, Any]:
        template = task.template
        if delivery.template == By.UID:
            return await self._client.send_template(delivery.sender, template.template_id, params)
        if not task.phone_cipher:
            raise Rejected("no_number", "The list has no number of hers any more.")
        number = self._open_number(task.phone_cipher).lstrip("+")
        return await self._phones.send_zns_message(
            number, template.template_id, params, tracking_id=f"dh{delivery.id}"
        )

    async def _taken(self, answer: dict[str, Any], now: datetime) -> str:
        data = answer.get("data")
        told: Mapping[str, Any] = data if isinstance(data, dict) else {}
        if left_of(told.get("quota")) == 0:
            await self._store.write(lambda work: self._spent(work, now))
        return str(told.get("message_id") or told.get("msg_id") or "")

    async def _refused(self, task: Task, error: ZaloException, now: datetime) -> SendError:
        row = row_for(error)
        if row.code in _QUOTA:
            await self._store.write(lambda work: self._spent(work, now))
        stops = row.action in (Action.FIX, Action.ADMIN) and row.code not in _OF_ONE
        if not stops or not row.code:
            return send_error(error, now)
        code = f"zalo{row.code}"
        if await self._store.write(lambda work: self._stop(work, task, row)):
            log.error("zalo template refused", template=task.template.name, fault=code)
        return Rejected(code, row.meaning)

    def _spent(self, work: Work, now: datetime) -> None:
        until = now + timedelta(seconds=wait_for(QUOTA_USED, now))
        work.accounts.note(self._account_id, **{SPENT: until.isoformat()})

    def _stop(self, work: Work, task: Task, row: Row) -> bool:
        """Nobody is billed for it again until it is set up anew; told once, with what it is."""
        template, code = task.template, f"zalo{row.code}"
        if not work.templates.refuse(task.event_id, template, code):
            return False
        what = f"template:{task.event_id}:{template.name}:{work.now.isoformat()}"
        tell_organisers(
            work,
            self._speak,
            self._account_id,
            what,
            lambda t: t(REFUSED, name=template.name, code=row.code),
        )
        return True


def _is_back(delivery: Delivery, task: Task, now: datetime) -> bool:
    if delivery.template != By.UID or task.heard_at is None or task.is_gone:
        return False
    return now - task.heard_at <= CLOSED_AFTER


def spent_until(work: Work, account_id: int) -> datetime | None:
    """Until when the account's quota of templates is known to be used."""
    account = work.accounts.get(account_id)
    kept = account.settings.get(SPENT) if account else None
    return datetime.fromisoformat(kept) if kept else None


def left_of(quota: object) -> int | None:
    """What Zalo says is left today; None where it says nothing. The hosts name it differently."""
    if not isinstance(quota, dict):
        return None
    for name in ("remainingQuota", "remain"):
        if (left := number_in(quota.get(name))) is not None:
            return left
    return None
