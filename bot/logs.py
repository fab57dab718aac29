"""Log lines for programs or for people, without anybody's words, name or number in them."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from datetime import date, time, timedelta
from enum import Enum
from pathlib import PurePath
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo

from bot.errors import DongHanhError

# Fields that would carry a person's data or a secret: dropped wherever they come from.
PRIVATE = frozenset(
    (
        *("text", "name", "full_name", "display_name", "phone", "digits", "code"),
        *("sender", "chat_id", "address", "payload", "record", "reply"),
        *("token", "secret", "password", "cookie", "url"),
    )
)
BLOT = "***"
_SECRETS = re.compile(
    r"\d{6,12}:[A-Za-z0-9_-]{30,}"  # a bot token: digits, a colon, then its secret half
    r"|(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}="  # a key of ours
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"  # the password in an address
    r"|(?<!\d)(?:\+?84|0)(?:[ .-]?\d){9}(?!\d)"  # a phone number, grouped or not
)
_PLAIN = (str, int, float, bool, type(None), date, time, timedelta, Enum, PurePath)
# Their messages are ours, or name files, modules and attributes. Any other error may quote the
# very words that broke it: a database its parameters, `int()` what it could not read.
_SPEAKABLE = (DongHanhError, OSError, AttributeError, NameError, ImportError, TypeError)


def set_up(*, json: bool, level: str = "info", to: TextIO | None = None) -> None:
    """Configure this process's logging, the standard library's included; to stderr by default."""
    out = to or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(traceback_of),
        without_personal_data,
    ]
    render: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(
            colors=out.isatty(),
            # Never the rich one: it prints local variables, and those hold people's words.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(level.upper()),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
            foreign_pre_chain=[_first_line, *shared],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))


def without_personal_data(
    _logger: object, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop private fields; blot out what looks like a token or a phone number in the rest."""
    for key, value in entry.items():
        if not key.startswith("_"):  # the standard library's own record travels in one
            entry[key] = BLOT if key in PRIVATE else _blotted(value)
    return entry


def _blotted(value: Any) -> Any:
    """Our own values show their fields, and those hold people: only their kind is told."""
    if isinstance(value, str):
        return _SECRETS.sub(BLOT, value)
    if isinstance(value, dict):
        return {
            _blotted(key): BLOT if key in PRIVATE else _blotted(one) for key, one in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_blotted(one) for one in value]
    return value if isinstance(value, _PLAIN) else f"<{type(value).__name__}>"


def traceback_of(exc_info: ExcInfo) -> str:
    """Where it broke and what broke, the causes first; its words only when they are harmless."""
    lines: list[str] = []
    for error in reversed([*_causes(exc_info[1])]):
        lines += ["Traceback (most recent call last):\n", *traceback.format_tb(error.__traceback__)]
        lines.append(f"{_told(error)}\n")
    return "".join(lines).rstrip()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, BaseExceptionGroup):
        return f"{kind}: {', '.join(_told(one) for one in error.exceptions)}"
    return f"{kind}: {error}" if isinstance(error, _SPEAKABLE) else kind


def _first_line(_logger: object, _method: str, entry: EventDict) -> EventDict:
    """Libraries put what they were working on into the lines below (asyncio: the whole task)."""
    entry["event"] = str(entry.get("event", "")).partition("\n")[0]
    return entry
