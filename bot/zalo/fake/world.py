"""What the fake service knows: people, messages, uploads, money. All of it in memory."""

import hashlib
import itertools
import json
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Made up, and public: nothing real can be opened with them.
APP_ID = "1234567890123456789"
APP_SECRET = "FakeAppSecret"  # noqa: S105
OA_ID = "2981304786125508117"
OA_SECRET = "FakeOaSecretKey"  # noqa: S105

HOUR = 3600.0
FREE_SECONDS = 48 * HOUR
REPLY_SECONDS = 7 * 24 * HOUR
UPLOAD_SECONDS = 7 * 24 * HOUR
UPLOADS_A_MONTH = 5000
CALLS_A_MINUTE = 4000
REACTIONS_LIMIT = 50
PRICE = 55  # VND for an answer between 48 hours and seven days
TEMPLATES_A_DAY = 500
AWAY_SECONDS = 45 * 24 * HOUR

Json = dict[str, Any]


@dataclass(slots=True)
class Person:
    """Somebody with Zalo. `on_a_phone`: receipts come from phones only."""

    user_id: str
    name: str = "Nguyễn Thị A"
    phone: str = ""
    follows: bool = False
    blocked: bool = False
    on_a_phone: bool = True
    last_interaction: float | None = None
    last_online: float | None = None  # None: just now
    tags: list[str] = field(default_factory=list)
    was_asked_for_info: bool = False

    @property
    def by_app(self) -> str:
        """Her id towards the app."""
        return str(int(hashlib.sha256(self.user_id.encode()).hexdigest()[:12], 16))


@dataclass(slots=True)
class Message:
    """One message, either way."""

    message_id: str
    user_id: str
    from_oa: bool
    at: float
    body: Json
    kind: str = "text"
    path: str = ""
    seen: bool = False
    reactions: int = 0
    icon: str = ""  # the newest of them
    hidden: bool = False  # what a button said for her, and she does not see


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template: each parameter and its longest value."""

    template_id: str
    params: dict[str, int]
    by_uid: bool = True
    price: int = 200


class RefusedError(Exception):
    """The service answers with this code and these words."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"{code} {said}")
        self.code = code
        self.said = said


class World:
    """Everything that is true in the fake."""

    def __init__(
        self, *, clock: Callable[[], float] = time.time, journal: Path | None = None, seed: int = 7
    ) -> None:
        self.clock = clock
        self.people: dict[str, Person] = {}
        self.messages: dict[str, Message] = {}
        self.uploads: dict[str, tuple[str, float]] = {}
        self.contents: dict[str, bytes] = {}  # by the name of the upload
        self.uploaded = 0
        self.templates: dict[str, Template] = {}
        self.template_left = TEMPLATES_A_DAY
        self.money: int | None = None  # None: no Zalo Cloud Account is linked
        self.verified = True
        self.everybody = False  # who is written to exists and wrote just now: for benches
        self.rates = True
        self.buttons = True
        self.lists = False
        self._journal = journal
        self._calls: deque[float] = deque()
        self._numbers = itertools.count(1)
        self._random = random.Random(seed)  # noqa: S311 (made-up ids)

    def new_id(self, prefix: str = "") -> str:
        """An id nobody had."""
        return f"{prefix}{next(self._numbers):06d}{self._random.getrandbits(40):010x}"

    def count_call(self) -> int:
        """One more call in this minute; how many are left. Refuses beyond the limit."""
        now = self.clock()
        while self._calls and self._calls[0] <= now - 60:
            self._calls.popleft()
        if self.rates and len(self._calls) >= CALLS_A_MINUTE:
            raise RefusedError(-32, "Your application reached limit call api")
        self._calls.append(now)
        return max(0, CALLS_A_MINUTE - len(self._calls))

    def person(self, user_id: object) -> Person:
        """Somebody who has met this account; ids are text."""
        if not isinstance(user_id, str) or not user_id:
            raise RefusedError(-201, "user_id is not valid")
        found = self.people.get(user_id)
        if found is None and self.everybody:
            found = Person(user_id, follows=True, last_interaction=self.clock())
            self.people[user_id] = found
        if found is None:
            raise RefusedError(-201, "user_id is not valid")
        return found

    def by_phone(self, phone: str) -> Person | None:
        """Whose Zalo account has this number."""
        return next((one for one in self.people.values() if one.phone == phone), None)

    def keep(self, message: Message) -> Message:
        """A message that was taken; the journal is what a judge believes."""
        self.messages[message.message_id] = message
        if self._journal is not None and message.from_oa:
            line = {
                "message_id": message.message_id,
                "user_id": message.user_id,
                "path": message.path,
                "message": message.body,
                "at": message.at,
            }
            with self._journal.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(line, ensure_ascii=False) + "\n")
        return message

    def taken(self) -> list[Message]:
        """Everything the account said, in order."""
        return [one for one in self.messages.values() if one.from_oa]
