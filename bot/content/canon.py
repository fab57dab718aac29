"""The one spelling of a Library as bytes: equal libraries have equal bytes, and so equal hashes.

A content version is a database row with these bytes; what they say must be readable for as long
as the row lives, so fields that later versions add get defaults and unknown ones are refused.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, time
from types import MappingProxyType, NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from bot.content.library import Library

FORMAT = 1


def dumps(library: Library) -> bytes:
    """Canonical JSON: sorted keys, UTF-8, no spaces. Pictures are only named, by their SHA-256."""
    plain = {"format": FORMAT, "library": _plain(library)}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def loads(data: bytes) -> Library:
    """The Library that `dumps` wrote. Raises ValueError for anything else."""
    plain = json.loads(data)
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise ValueError(f"not a content version of format {FORMAT}")
    made = _made(Library, plain["library"])
    if not isinstance(made, Library):
        raise ValueError("not a content version")
    return made


def digest(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal: the name of a content version or a picture."""
    return hashlib.sha256(data).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        given = ((f, getattr(value, f.name)) for f in fields(value) if f.init)
        # Left out while empty, so that content without it keeps the hash it was stored under.
        kept = ((f.name, one) for f, one in given if one or "later" not in f.metadata)
        return {name: _plain(one) for name, one in kept}
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def _made(kind: Any, plain: Any) -> Any:
    """The value of this type that was written as `plain`."""
    origin, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return _made_fields(kind, _expect(plain, dict))
    if origin is tuple:
        return tuple(_made(inner[0], entry) for entry in _expect(plain, list))
    if origin is not None and issubclass(origin, Mapping):
        entries = _expect(plain, dict).items()
        return MappingProxyType({key: _made(inner[1], value) for key, value in entries})
    if isinstance(kind, UnionType):
        wanted = next(one for one in inner if one is not NoneType)
        return None if plain is None else _made(wanted, plain)
    if kind in (datetime, date, time):
        return kind.fromisoformat(_expect(plain, str))
    return _expect(plain, kind)


def _made_fields(kind: type, plain: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    known = {one.name: one for one in fields(kind) if one.init}
    if strange := sorted(plain.keys() - known.keys()):
        raise ValueError(f"{kind.__name__} has no field {strange[0]!r}; a newer release wrote this")
    needed = (n for n, f in known.items() if f.default is MISSING and f.default_factory is MISSING)
    missing = [name for name in needed if name not in plain]
    if missing:
        raise ValueError(f"{kind.__name__} lacks the field {missing[0]!r}")
    return kind(**{name: _made(hints[name], value) for name, value in plain.items()})


def _expect(plain: Any, kind: Any) -> Any:
    if type(plain) is not kind:
        raise ValueError(f"expected {kind.__name__}, found {type(plain).__name__}")
    return plain
