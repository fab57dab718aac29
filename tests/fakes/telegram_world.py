"""What the platform knows: chats, messages, files, taps; and what each method does to them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.fakes import telegram_rules as rules
from tests.fakes.telegram_rules import RefusedError, bad
from tests.fakes.telegram_updates import BOT, FIRST_DAY, Updates, person

# method -> (field of the file, kind in file ids)
_FILES = {"sendphoto": "photo", "sendvoice": "voice", "senddocument": "document"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in a multipart body."""

    name: str
    mime: str
    body: bytes


@dataclass(slots=True)
class Shown:
    """A message of ours as the person sees it."""

    method: str
    chat_id: int
    message_id: int
    text: str
    rows: list[list[dict[str, str]]]
    file_id: str = ""
    file_name: str = ""
    protected: bool = False
    gone: bool = False
    reaction: str = ""


@dataclass(slots=True)
class Hook:
    """Where updates go."""

    url: str = ""
    secret: str = ""
    allowed: tuple[str, ...] = ()
    last_error: str = ""


@dataclass(slots=True)
class World:
    """The platform without its network. Every method refuses like the service, or does it."""

    updates: Updates = field(default_factory=Updates)
    everybody: bool = False  # True: any chat has written to the bot before
    blocked: set[int] = field(default_factory=set)
    deactivated: set[int] = field(default_factory=set)
    shown: dict[tuple[int, int], Shown] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    menus: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    groups: set[int] = field(default_factory=set)
    answered: dict[str, str] = field(default_factory=dict)
    hook: Hook = field(default_factory=Hook)
    uploads: int = 0
    _ids: Any = field(default_factory=lambda: count(9001))

    def do(self, method: str, fields: dict[str, Any]) -> Any:
        """The result of one call with checked fields, or RefusedError."""
        if "chat_id" in fields and method != "leavechat":
            self._reach(fields["chat_id"])
        doing: dict[str, Callable[[dict[str, Any]], Any]] = {
            "getme": lambda _: BOT,
            "editmessagetext": self._edit,
            "editmessagecaption": self._edit_caption,
            "leavechat": self._leave,
            "deletemessage": self._delete,
            "setmessagereaction": self._react,
            "answercallbackquery": self._answer,
            "setmycommands": self._set_commands,
            "deletemycommands": self._delete_commands,
            "setwebhook": self._set_hook,
            "deletewebhook": self._delete_hook,
            "getwebhookinfo": self._hook_info,
            "getfile": self._file,
        }
        if method in doing:
            return doing[method](fields)
        return self._send(method, fields)

    def _reach(self, chat: int) -> None:
        if chat in self.deactivated:
            raise RefusedError(403, "Forbidden: user is deactivated")
        if chat in self.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        if not self.everybody and chat not in self.updates.chats:
            raise bad("chat not found")

    def _send(self, method: str, fields: dict[str, Any]) -> dict[str, Any]:
        rows = rules.keyboard(fields)
        content: dict[str, Any] = {}
        file_id = name = ""
        if method == "sendmessage":
            said = rules.worded(fields, "text")
            content["text"] = said
        elif method == "sendvenue":
            said = rules.venue(fields)
            content["venue"] = {k: fields[k] for k in ("title", "address")}
        elif method == "sendcontact":
            said = f"{fields['first_name']}\n{fields['phone_number']}"
            content["contact"] = {k: fields[k] for k in ("phone_number", "first_name")}
        else:
            said = rules.worded(fields, "caption")
            file_id, name, described = self._take(_FILES[method], fields)
            content.update(described, caption=said)
        message = Shown(
            method,
            fields["chat_id"],
            next(self._ids),
            said,
            rows,
            file_id,
            name,
            protected=fields.get("protect_content") in (True, "true"),
        )
        self.shown[message.chat_id, message.message_id] = message
        return self._as_sent(message, content)

    def _as_sent(self, message: Shown, content: dict[str, Any]) -> dict[str, Any]:
        markup = {"reply_markup": {"inline_keyboard": message.rows}} if message.rows else {}
        return {
            "message_id": message.message_id,
            "from": BOT,
            "chat": person(message.chat_id, chat=True),
            "date": FIRST_DAY + message.message_id,
            **content,
            **markup,
        }

    def _take(self, kind: str, fields: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
        """(file id, file name, how the message describes it) of a new or known file."""
        given = fields[kind]
        if isinstance(given, Upload):
            rules.upload(kind, given.body)
            self.uploads += 1
            file_id = f"{kind}-{hashlib.sha256(given.body).hexdigest()[:16]}-{self.uploads}"
            self.files[file_id] = given
        elif given in self.files:
            if not given.startswith(f"{kind}-"):
                raise bad(f"can't use file of type {given.partition('-')[0]} as {kind}")
            file_id = given
        else:
            raise bad("wrong file identifier/HTTP URL specified")
        file = self.files[file_id]
        one = {"file_id": file_id, "file_unique_id": file_id[-8:], "file_size": len(file.body)}
        if kind == "photo":
            small = {**one, "file_id": f"{file_id}-small", "width": 90, "height": 60}
            return file_id, file.name, {"photo": [small, {**one, "width": 1280, "height": 853}]}
        if kind == "voice":
            return file_id, file.name, {"voice": {**one, "duration": 3, "mime_type": file.mime}}
        return file_id, file.name, {"document": {**one, "file_name": file.name}}

    def _mine(self, fields: dict[str, Any], what: str) -> Shown:
        message = self.shown.get((fields["chat_id"], fields["message_id"]))
        if message is None or message.gone:
            raise bad(f"message to {what} not found")
        return message

    def _edit(self, fields: dict[str, Any]) -> dict[str, Any]:
        message = self._mine(fields, "edit")
        said, rows = rules.worded(fields, "text"), rules.keyboard(fields)
        if message.method != "sendmessage":
            raise bad("there is no text in the message to edit")
        return self._reworded(message, said, rows, {"text": said})

    def _edit_caption(self, fields: dict[str, Any]) -> dict[str, Any]:
        message = self._mine(fields, "edit")
        said, rows = rules.worded(fields, "caption"), rules.keyboard(fields)
        if message.method not in _FILES:
            raise bad("there is no caption in the message to edit")
        return self._reworded(message, said, rows, {"caption": said})

    def _reworded(
        self, message: Shown, said: str, rows: list[list[dict[str, str]]], content: dict[str, Any]
    ) -> dict[str, Any]:
        if (message.text, message.rows) == (said, rows):
            raise bad(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        message.text, message.rows = said, rows
        return self._as_sent(message, content)

    def _leave(self, fields: dict[str, Any]) -> bool:
        if fields["chat_id"] not in self.groups:
            raise bad("chat not found")
        self.groups.discard(fields["chat_id"])
        return True

    def _delete(self, fields: dict[str, Any]) -> bool:
        self._mine(fields, "delete").gone = True
        return True

    def _react(self, fields: dict[str, Any]) -> bool:
        emoji = [one["emoji"] for one in fields.get("reaction") or ()]
        if len(emoji) > 1:
            raise bad("REACTIONS_TOO_MANY")
        message = self.shown.get((fields["chat_id"], fields["message_id"]))
        if message is not None:
            message.reaction = "".join(emoji)
        return True

    def _answer(self, fields: dict[str, Any]) -> bool:
        tap_id, text = str(fields["callback_query_id"]), fields.get("text", "")
        if tap_id in self.answered or tap_id not in self.updates.taps:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.answered[tap_id] = text
        return True

    def _set_commands(self, fields: dict[str, Any]) -> bool:
        rules.commands(fields)
        chat, language = rules.scope(fields)
        if chat:
            self._reach(chat)
            self.menus[chat] = fields["commands"]
        else:
            self.commands[language] = fields["commands"]
        return True

    def _delete_commands(self, fields: dict[str, Any]) -> bool:
        chat, language = rules.scope(fields)
        if chat:
            self._reach(chat)
            self.menus.pop(chat, None)
        else:
            self.commands.pop(language, None)
        return True

    def _set_hook(self, fields: dict[str, Any]) -> bool:
        rules.webhook(fields)
        allowed = tuple(fields.get("allowed_updates") or ())
        self.hook = Hook(fields["url"], fields.get("secret_token", ""), allowed)
        return True

    def _delete_hook(self, _: dict[str, Any]) -> bool:
        self.hook = Hook()
        return True

    def _hook_info(self, _: dict[str, Any]) -> dict[str, Any]:
        info: dict[str, Any] = {
            "url": self.hook.url,
            "has_custom_certificate": False,
            "pending_update_count": 0,
            "max_connections": 40,
            "allowed_updates": list(self.hook.allowed),
        }
        if self.hook.last_error:
            info |= {"last_error_date": FIRST_DAY, "last_error_message": self.hook.last_error}
        return info

    def _file(self, fields: dict[str, Any]) -> dict[str, Any]:
        file_id = fields["file_id"]
        if file_id not in self.files:
            raise bad("wrong file_id or the file is temporarily unavailable")
        return {
            "file_id": file_id,
            "file_unique_id": file_id[-8:],
            "file_size": len(self.files[file_id].body),
            "file_path": f"files/{file_id}",
        }
