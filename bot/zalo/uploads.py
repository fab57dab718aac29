"""What may be uploaded, checked before a byte leaves, and what was uploaded already."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

# Zalo keeps an upload seven days; a day less, so that none dies between a look and its use.
KEPT_SECONDS = 6 * 24 * 3600
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """One kind: what the answer calls its reference, how big, which types by name."""

    answers: str
    limit: int
    types: Mapping[str, str]
    usual: str


# 5 MB for a GIF is from memory; Zalo's pages say 1 MB for pictures and 5 MB for files.
UPLOADS = {
    "image": Upload("attachment_id", _MB, {"jpg": "image/jpeg", "png": "image/png"}, "image"),
    "gif": Upload("attachment_id", 5 * _MB, {"gif": "image/gif"}, "image"),
    "file": Upload(
        "token",
        5 * _MB,
        {
            "pdf": "application/pdf",
            "doc": "application/msword",
            "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "csv": "text/csv",
        },
        "file",
    ),
}
_BEGINS = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"%PDF-": "pdf",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "doc",
    b"PK\x03\x04": "docx",
}


def checked(data: bytes, file_type: str, name: str, mime: str) -> tuple[str, str]:
    """The name and content type to send. ValueError says what is wrong with the bytes."""
    kind = UPLOADS.get(file_type)
    if kind is None:
        raise ValueError("Invalid file type provided.")
    if not data:
        raise ValueError("Invalid file provided: it is empty.")
    if len(data) > kind.limit:
        raise ValueError(f"Invalid file provided: more than {kind.limit // _MB} MB.")
    found = _type_of(data)
    if found not in kind.types:
        allowed = ", ".join(sorted(kind.types))
        raise ValueError(f"Invalid file provided: not one of {allowed}.")
    # A part without a name is dropped by some clients and refused by the service.
    return PurePath(name).name or f"{kind.usual}.{found}", mime or kind.types[found]


def _type_of(data: bytes) -> str:
    """By its first bytes; text is what spreadsheets call CSV."""
    for begins, found in _BEGINS.items():
        if data.startswith(begins):
            return found
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return "" if "\x00" in text or text.lstrip()[:1] == "<" else "csv"


def hash_of(data: bytes, file_type: str) -> str:
    """Names the bytes: the same picture uploaded as another kind is another upload."""
    return f"{file_type}:{hashlib.sha256(data).hexdigest()}"


@dataclass(slots=True)
class Uploads:
    """References by hash, in memory. A subclass may keep them where other processes look."""

    clock: Callable[[], float] = time.time
    _kept: dict[str, tuple[str, float]] = field(default_factory=dict)

    async def get(self, key: str) -> str | None:
        """The reference, when it is fresh enough to be used."""
        reference, until = self._kept.get(key, ("", 0.0))
        return reference if until > self.clock() else None

    async def put(self, key: str, reference: str) -> None:
        """Keep a reference for six days."""
        self._kept[key] = (reference, self.clock() + KEPT_SECONDS)

    async def drop(self, key: str) -> None:
        """It is dead."""
        self._kept.pop(key, None)
