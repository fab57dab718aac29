"""Log lines for programs or for people, without anybody's words, name or number in them."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

# Fields that would carry a person's data or a secret: dropped wherever they come from.
PRIVATE = frozenset(
    (
        *("text", "name", "full_name", "display_name", "phone", "digits", "code"),
        *("sender", "chat_id", "address", "payload", "record", "reply"),
        *("token", "secret", "password", "cookie", "url"),
    )
)
# A bot token in a message of some library: digits, a colon, then its secret half.
_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")
_PHONE = re.compile(r"(?<!\d)(?:\+84|0)\d{9}(?!\d)")


def set_up(*, json: bool, level: str = "info", to: TextIO | None = None) -> None:
    """Configure this process's logging, the standard library's included; to stderr by default."""
    out = to or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
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
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))


def without_personal_data(
    _logger: object, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop private fields; blot out what looks like a token or a phone number in the rest."""
    for key in [key for key in entry if key in PRIVATE]:
        entry[key] = "***"
    for key, value in entry.items():
        if isinstance(value, str):
            entry[key] = _PHONE.sub("***", _TOKEN.sub("***", value))
    return entry
