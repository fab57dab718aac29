"""Zalo's Official Account as a channel: in by a webhook, out by `send`, one message a call."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import structlog
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.base import Accept, Chore
from bot.channels.zalo.alarms import of_revoked, of_silence, of_template
from bot.channels.zalo.buttons import Buttons
from bot.channels.zalo.leftover import happened
from bot.channels.zalo.notebook import Notebook
from bot.channels.zalo.reading import asks_for_us, incoming_of
from bot.channels.zalo.templates import TemplateLane
from bot.channels.zalo.webhook import Webhook
from bot.channels.zalo.writing import CAPABILITIES, CARD_PICTURE, WITHOUT_BUTTONS, Speak, Writer
from bot.clock import Clock
from bot.errors import ConfigError, Rejected, SendError, StoreError, Unavailable
from bot.fit import Capabilities, Part, plain
from bot.media import MediaShelf
from bot.store import Store, Work
from bot.store.accounts import TOO_LONG_AGO
from bot.store.echoes import Said
from bot.store.windows import Heard, Told, Whereabouts
from bot.text import nfc
from bot.values.delivery import Act, Delivery, Receipt
from bot.values.incoming import Incoming, Kind
from bot.values.letter import Lane
from bot.zalo import WebhookEvent, ZaloException, ZaloOAException, oa, send_error

# A stranger of a shared account who turned to the assistant is in a dialogue for so long.
TALKING = timedelta(hours=1)
RECEIPT_SECONDS = 2.0
WATCH_SECONDS = 600.0
LEFTOVERS_SECONDS = 3600.0

# Erases what is known of a sender: her Zalo id, and what the assistant kept.
Withdraw = Callable[[int, str], Awaitable[None]]

log = structlog.get_logger()


async def _nothing(_account_id: int, _sender: str) -> None:
    raise StoreError("Nobody erases here.")


async def _nothing_more() -> None:
    pass


# No figure is published: begin low and find out.
FIRST_RATE = 25.0


@dataclass(frozen=True, slots=True)
class Manners:
    """How this installation uses the account.

    `welcomes_strangers` False: the account serves the public, and whoever is not linked is left to
    its staff. `staff_minutes`: so long the program is silent where a person answered from the
    console. `silent_hours`: nothing heard for so long while an event goes on is a fault; 0: never.
    `verifiers`: codes of the console's files that prove whose domain it is.
    `number_card`: a number shared through Zalo's card links its owner; Zalo is believed in that.
    `signed_first`: what the proof of an event begins with; "": the app's id.
    """

    welcomes_strangers: bool = True
    staff_minutes: int = 30
    silent_hours: int = 6
    verifiers: tuple[str, ...] = ()
    number_card: bool = True
    signed_first: str = ""


class ZaloChannel:
    """One Official Account. Raises ConfigError at once when its keys cannot be right."""

    kind = "zalo"
    # Nothing is published: a careful beginning, and a person reads no faster.
    per_chat_rate = 2.0

    def __init__(
        self,
        account_id: int,
        client: oa.Client,
        *,
        store: Store,
        clock: Clock,
        speak: Speak,
        secrets: Sequence[str],
        base_url: str,
        manners: Manners | None = None,
        rate: float = 40.0,
        buttons: bool = True,
        withdraw: Withdraw = _nothing,
        is_on: Callable[[], bool] = lambda: False,
        chores: Sequence[Chore] = (),
        closing: Callable[[], Awaitable[None]] = _nothing_more,
        templates: TemplateLane | None = None,
    ) -> None:
        keys = _keys_of(client, secrets)
        self.account_id = account_id
        self.rate = rate
        self.first_rate = min(rate, FIRST_RATE)
        self._client = client
        self._store = store
        self._clock = clock
        self._manners = manners or Manners()
        self._withdraw = withdraw
        self._is_on = is_on
        self._more = tuple(chores)
        self._closing = closing
        self._templates = templates
        self._speak = speak
        self._silent_since = ""
        self._buttons = Buttons(store, account_id, clock, wanted=buttons)
        shelf = MediaShelf(store)
        self._writer = Writer(client, account_id, shelf, clock, speak, base_url, self._buttons)
        self._notebook = Notebook(store, account_id)
        self._webhook = Webhook(
            client.app_id, keys, self.take, clock.now, first=self._manners.signed_first
        )
        self._accept: Accept | None = None

    @property
    def capabilities(self) -> Capabilities:
        """Buttons as long as this account takes them."""
        can = CAPABILITIES if self._buttons.allowed else WITHOUT_BUTTONS
        return can if self._manners.number_card else replace(can, number_cards=False)

    async def open(self, accept: Accept) -> None:
        """Begin to take events. Nothing is asked of Zalo: it may be away, others need not wait."""
        await self._buttons.look()
        self._accept = accept

    async def close(self) -> None:
        """Take nothing more, write what was told, let go of connections."""
        self._accept = None
        await self._notebook.close()
        await self._closing()
        if self._templates is not None:
            await self._templates.aclose()
        await self._client.aclose()

    def routes(self) -> Sequence[BaseRoute]:
        """Zalo's way in, the picture of its card, the files that prove whose domain this is."""
        card = Route(f"{CARD_PICTURE}", _picture)
        proofs = [
            Route(f"/zalo_verifier{code}.html", _proof_of(code)) for code in self._manners.verifiers
        ]
        return (Route(f"/webhook/zalo/{self.account_id}", self._webhook), card, *proofs)

    def chores(self) -> Sequence[Chore]:
        """Receipts to their deliveries; a look whether Zalo still tells us anything; what is of no
        use any more goes."""
        return (
            Chore("zalo leftovers", LEFTOVERS_SECONDS, self.forget_leftovers),
            Chore("zalo receipts", RECEIPT_SECONDS, self.apply_receipts),
            Chore("zalo silence", WATCH_SECONDS, self.watch),
            *self._more,
        )

    # In ----------------------------------------------------------------------------------

    async def take(self, event: WebhookEvent) -> str:
        """Keep an event; in one word what became of it, for the counters."""
        accept = self._accept
        if accept is None:
            raise StoreError("The channel is starting or stopping.")
        if event.kind.startswith("receipt."):
            await self._notebook.note(_told(event))
            return "receipt"
        if event.kind == "account.permission_revoked":
            log.error("zalo permission revoked", account=self.account_id)
            await self._store.write(
                lambda work: of_revoked(work, self._speak, self.account_id, event.key)
            )
        if event.kind in ("template.status", "template.quality"):
            await self._store.write(
                lambda work: of_template(work, self._speak, self.account_id, event)
            )
        if event.kind.startswith("echo."):
            return await self._echoed(event)
        if event.kind == "user.withdrew" and event.user_id:
            await self._withdraw(self.account_id, event.user_id)
            return "withdrawn"
        incoming = incoming_of(event, self.account_id, self._clock.now())
        known = await self._noted(event, incoming)
        if incoming is None or self._is_unasked(event):
            await self._notebook.note(happened(event))
            return "counted"
        return await self._answered(incoming, known, accept)

    def _is_unasked(self, event: WebhookEvent) -> bool:
        return event.kind == "user.info_submitted" and not self._manners.number_card

    async def _noted(self, event: WebhookEvent, incoming: Incoming | None) -> Whereabouts | None:
        """Keep when she did something. Nothing is kept of whoever is left to the staff."""
        if not event.user_id or event.kind.startswith("anonymous."):
            return None
        strangers = self._manners.welcomes_strangers
        ours = incoming is not None and incoming.kind is not Kind.LEFT
        keeps = ours and (strangers or (incoming is not None and asks_for_us(incoming)))
        at = min(event.at or self._clock.now(), self._clock.now())
        return await self._notebook.note(Heard(event.user_id, at, event.interaction, keeps))

    async def _answered(self, incoming: Incoming, known: Whereabouts | None, accept: Accept) -> str:
        if incoming.kind is Kind.LEFT and known is None:
            return "counted"
        if not self._is_ours(incoming, known):
            return "left to staff"
        if known is not None and known.staff_until and known.staff_until > self._clock.now():
            if incoming.kind in (Kind.TEXT, Kind.MEDIA, Kind.LOCATION):
                return "left to staff"
            if incoming.kind is Kind.TAP:  # she turns to the program herself
                await self._store.write(
                    lambda work: work.windows.answer_again(self.account_id, incoming.sender)
                )
        return "new" if await accept(incoming) else "seen before"

    def _is_ours(self, incoming: Incoming, known: Whereabouts | None) -> bool:
        """On an account of the public: is she linked, or did she turn to the assistant?"""
        if self._manners.welcomes_strangers or asks_for_us(incoming):
            return True
        if known is None:
            return False
        talked = known.talked_at
        return known.linked or (talked is not None and self._clock.now() - talked < TALKING)

    async def _echoed(self, event: WebhookEvent) -> str:
        """What the account said: by us, or by a person from the console, who then has the word."""
        if not event.by_admin:
            if event.user_id and event.text and event.msg_id:
                await self._notebook.note(Said(event.user_id, nfc(event.text), event.msg_id))
            return "echo"
        at = event.at or self._clock.now()
        until = at + timedelta(minutes=self._manners.staff_minutes)
        if event.user_id:
            heard = Heard(event.user_id, at, opens=False, keeps=False, staff_until=until)
            await self._notebook.note(heard)
        return "staff"

    # Out ---------------------------------------------------------------------------------

    async def send(self, delivery: Delivery, part: Part) -> Receipt:
        """One message; a second one only where the first was refused."""
        try:
            heard = await self._heard_of(delivery, part)
            return Receipt(heard if heard is not None else await self._done(delivery, part))
        except ZaloException as error:
            failure: SendError = send_error(error, self._clock.now())
        except ValueError as error:
            failure = Rejected("too_long", str(error))
        except StoreError as error:  # what was uploaded, or the tokens, cannot be read just now
            failure = Unavailable("store", type(error).__name__)
        raise failure

    async def _heard_of(self, delivery: Delivery, part: Part) -> str | None:
        """The id of what may have left before, in any process, and was heard of since."""
        words = nfc(plain(part.text))
        if not delivery.unknowns or part.number != delivery.parts_done or not words:
            return None
        whose = self.account_id, delivery.sender, delivery.id
        return await self._store.read(lambda work: work.echoes.of_doubted(*whose, words))

    async def _done(self, delivery: Delivery, part: Part) -> str:
        match delivery.act:
            case Act.SAY if delivery.template:
                return await self._by_template(delivery, part)
            case Act.SAY:
                return await self._as_usual(delivery, part)
            case Act.REACT:
                await self._client.react(delivery.sender, delivery.acts_on, part.text)
            case Act.WITHDRAW:
                raise Rejected("cannot", "An Official Account cannot take a message back.")
        return delivery.acts_on

    async def _as_usual(self, delivery: Delivery, part: Part) -> str:
        """A letter to many goes as its template where only Zalo knew that the window is closed."""
        try:
            return await self._writer.say(delivery, part)
        except ZaloOAException as error:
            code = f"zalo{error.code}"
            if self._templates is None or delivery.lane is Lane.REPLY or code not in TOO_LONG_AGO:
                raise
            said = await self._templates.instead(delivery, part, code)
            if said is None:
                raise
        return said

    async def _by_template(self, delivery: Delivery, part: Part) -> str:
        if self._templates is None:
            raise Rejected("cannot", "This account sends no templates.")
        said = await self._templates.say(delivery, part)
        return said if said is not None else await self._writer.say(delivery, part)

    # Now and then ------------------------------------------------------------------------

    async def apply_receipts(self) -> None:
        """What Zalo told of our messages, written to their deliveries."""
        await self._store.write(lambda work: work.windows.apply_receipts(self.account_id))

    async def forget_leftovers(self) -> None:
        """Echoes are of use for a day, events that nothing answered for a week."""
        await self._store.write(self._forget_leftovers)

    def _forget_leftovers(self, work: Work) -> None:
        work.echoes.forget(self.account_id)
        work.platform_events.forget(self.account_id)

    async def watch(self) -> None:
        """Zalo unsubscribes whoever did not answer, and tells nobody: silence is all there is."""
        hours = self._manners.silent_hours
        if not hours or not self._is_on():
            return
        at = await self._store.read(lambda work: work.windows.heard_at(self.account_id))
        if at is None or self._clock.now() - at >= timedelta(hours=hours):
            last = at.isoformat() if at else "never"
            first = last != self._silent_since
            if first:
                log.error("zalo silent", account=self.account_id, last_heard=last, hours=hours)
            self._silent_since = last
            await self._store.write(
                lambda work: of_silence(work, self._speak, self.account_id, at, hours, first=first)
            )


def _keys_of(client: oa.Client, secrets: Sequence[str]) -> list[str]:
    keys = [one for one in secrets if one]
    if not client.app_id or not keys:
        raise ConfigError(
            "Zalo needs DONGHANH_ZALO_APP_ID and a key that signs its events: "
            "set DONGHANH_ZALO_OA_SECRET_KEY to the OA Secret Key of the Webhook page."
        )
    return keys


def _told(event: WebhookEvent) -> tuple[Told, ...]:
    if event.kind == "receipt.seen":
        return tuple(Told(one, seen_at=event.at) for one in event.msg_ids)
    return tuple(Told(one, delivered_at=event.at) for one in event.msg_ids)


async def _picture(_request: object) -> Response:
    body = (Path(__file__).parent / "share.png").read_bytes()
    return Response(body, media_type="image/png", headers={"Cache-Control": "max-age=86400"})


def _proof_of(code: str) -> Callable[..., Awaitable[Response]]:
    """The file as the console gives it, from memory: its name is what counts."""
    page = (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">'
        f'<meta name="zalo-platform-site-verification" content="{code}"></head>'
        "<body>There Is No Limit To What You Can Accomplish Using Zalo!</body></html>"
    )

    async def proof(_request: object) -> Response:
        return HTMLResponse(page)

    return proof
