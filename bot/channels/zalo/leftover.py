"""Events that nothing here answers: what is kept of them is how they look, never what they say."""

from typing import Any

from bot.store.platform_events import Happened
from bot.zalo import WebhookEvent

_DEEP, _WIDE, _NAME = 4, 40, 40


def happened(event: WebhookEvent) -> Happened:
    """For the count, and for whoever wants to know what Zalo has begun to post."""
    return Happened(event.key, event.event_name, event.kind, shape_of(event.raw))


def shape_of(value: Any, deep: int = _DEEP) -> Any:
    """The fields by their names, each with the kind of its value; of a list its first element."""
    match value:
        case dict() if deep:
            names = list(value)[:_WIDE]
            return {name[:_NAME]: shape_of(value[name], deep - 1) for name in names}
        case list() if deep:
            return [shape_of(one, deep - 1) for one in value[:1]]
        case str():
            return "digits" if value.isdecimal() else "text"
        case bool():
            return "yes or no"
        case int():
            return "number"
    return "nothing" if value is None else "more"
