"""What organisers are told in chat of an account that is out of order, once an incident."""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.i18n import N_
from bot.office import Speak, tell_organisers
from bot.store import Work

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
