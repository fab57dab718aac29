"""What organisers are told in chat of an account that is out of order, once an incident."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from bot.i18n import N_
from bot.office import Speak, tell_organisers
from bot.store import Work
from bot.text import clean
from bot.zalo import WebhookEvent

CONSENT = N_(
    "The Zalo account needs consent again: nothing can be sent there until then. Please ask an "
    "administrator of the account, and whoever runs the assistant, to connect it again. ({reason})"
)
REVOKED = N_(
    "Zalo reports that a permission was taken from the assistant. Please ask an administrator of "
    "the Zalo account whether that was meant, and to connect it again if not."
)
SILENT = N_(
    "Nothing was heard from Zalo for {hours} hours. Zalo may have stopped passing on what "
    "delegates write. Please ask whoever runs the assistant to look at the account's Webhook page."
)

CHANGED = N_(
    "Zalo says of the template “{name}”: {state}. If it may be used no more, look at it in the "
    "account's console."
)
_STATE_LIMIT = 40

log = structlog.get_logger()


def of_consent(speak: Speak) -> Callable[[Work, int, str], None]:
    """For whoever keeps tokens: in the very transaction that marks the refusal."""

    def tell(work: Work, account_id: int, reason: str) -> None:
        what = f"consent:{work.now.isoformat()}"
        _tell(work, speak, account_id, what, CONSENT, reason=reason)

    return tell


def of_revoked(work: Work, speak: Speak, account_id: int, key: str) -> None:
    """Zalo posts an event several times when it likes; `key` names it."""
    _tell(work, speak, account_id, f"revoked:{key}", REVOKED)


def of_silence(
    work: Work, speak: Speak, account_id: int, since: datetime | None, hours: int, *, first: bool
) -> None:
    """One silence, however often it is looked at, lasts until something is heard. `first`: this
    process sees it for the first time."""
    what = f"silent:{since.isoformat() if since else 'always'}"
    _tell(work, speak, account_id, what, SILENT, logs=first, hours=hours)


def of_template(work: Work, speak: Speak, account_id: int, event: WebhookEvent) -> None:
    """Zalo changed a template that organisers set up. No sample of the event is published, so its
    fields are looked for where they may stand; without them nobody is troubled."""
    number = _field(event.raw, "template_id", "templateId")
    state = _field(event.raw, "new_status", "status", "new_quality", "quality")
    names = work.templates.named(account_id, number) if number and state else []
    for name in dict.fromkeys(names):
        what = f"template:{name}:{event.key}"
        _tell(work, speak, account_id, what, CHANGED, name=name, state=clean(state, _STATE_LIMIT))


def _field(raw: Mapping[str, Any], *names: str) -> str:
    """The first of these that is there, in the event itself or one floor below."""
    below = [one for one in raw.values() if isinstance(one, dict)]
    for name in names:
        for place in (*below, raw):
            value = place.get(name)
            if isinstance(value, str | int) and not isinstance(value, bool):
                return str(value)
    return ""


def _tell(
    work: Work,
    speak: Speak,
    account_id: int,
    what: str,
    words: str,
    logs: bool = True,
    **facts: object,
) -> None:
    known = tell_organisers(work, speak, account_id, what, lambda t: t(words, **facts))
    if logs and not known:
        log.error("no organiser could be told", account=account_id, of=what.partition(":")[0])
