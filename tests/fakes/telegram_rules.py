"""The Bot API's limits, each refused in the service's words. Stricter than the service where it
would be silent: a field it does not know is an error, for it is a spelling mistake of ours."""

import json
import re
from typing import Any

from tests.fakes.telegram_html import MarkupError, parse, utf16

TEXT = 4096
CAPTION = 1024
DATA_BYTES = 64
BUTTONS = 100
IN_A_ROW = 8
PHOTO_BYTES = 10_000_000
FILE_BYTES = 50_000_000
UPDATES = frozenset(
    {"message", "edited_message", "callback_query", "my_chat_member", "message_reaction"}
)

_SEND = "chat_id reply_markup protect_content disable_notification"
_WORDED = "parse_mode link_preview_options"
# method -> (what must be there, what may be there too)
FIELDS: dict[str, tuple[str, str]] = {
    "getme": ("", ""),
    "sendmessage": ("chat_id text", f"{_SEND} {_WORDED}"),
    "sendphoto": ("chat_id photo", f"{_SEND} caption parse_mode"),
    "sendvoice": ("chat_id voice", f"{_SEND} caption parse_mode"),
    "senddocument": ("chat_id document", f"{_SEND} caption parse_mode"),
    "sendvenue": ("chat_id latitude longitude title address", _SEND),
    "sendcontact": ("chat_id phone_number first_name", _SEND),
    "editmessagetext": ("chat_id message_id text", f"reply_markup {_WORDED}"),
    "editmessagecaption": ("chat_id message_id", "caption parse_mode reply_markup"),
    "leavechat": ("chat_id", ""),
    "deletemessage": ("chat_id message_id", ""),
    "setmessagereaction": ("chat_id message_id", "reaction"),
    "answercallbackquery": ("callback_query_id", "text show_alert"),
    "setmycommands": ("commands", "scope language_code"),
    "deletemycommands": ("", "scope language_code"),
    "setwebhook": ("url", "secret_token max_connections allowed_updates drop_pending_updates"),
    "deletewebhook": ("", "drop_pending_updates"),
    "getwebhookinfo": ("", ""),
    "getupdates": ("", "offset limit timeout allowed_updates"),
    "getfile": ("file_id", ""),
}
_JSON = ("reply_markup", "link_preview_options", "commands", "allowed_updates", "reaction", "scope")
_NUMBERS = ("chat_id", "message_id", "latitude", "longitude", "offset", "limit", "timeout")


class RefusedError(Exception):
    """What the service answers instead of a result."""

    def __init__(self, status: int, said: str, retry_after: int | None = None) -> None:
        super().__init__(said)
        self.status = status
        self.said = said
        self.retry_after = retry_after


def bad(said: str) -> RefusedError:
    """A 400."""
    return RefusedError(400, f"Bad Request: {said}")


def checked(method: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with strings of JSON undone; refuses what is missing, unknown or no number."""
    if method not in FIELDS:
        raise RefusedError(404, "Not Found: method not found")
    needed, allowed = FIELDS[method]
    known = {*needed.split(), *allowed.split()}
    if unknown := sorted(fields.keys() - known):
        raise bad(f"unknown parameter {unknown[0]}")
    if missing := [name for name in needed.split() if fields.get(name) in (None, "")]:
        raise bad("message text is empty" if missing == ["text"] else f"{missing[0]} is empty")
    values = {name: _value(name, value) for name, value in fields.items()}
    if isinstance(values.get("chat_id"), float):
        raise bad("chat not found")
    return values


def _value(name: str, value: Any) -> Any:
    if name in _JSON and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name}: it is no JSON") from None
    if name in _NUMBERS and not isinstance(value, int | float):
        try:
            return float(value) if "." in value else int(value)
        except (TypeError, ValueError):
            raise bad(f"{name} must be a number") from None
    return value


def worded(fields: dict[str, Any], slot: str) -> str:
    """The visible text of a message or caption."""
    said = fields.get(slot, "")
    if not isinstance(said, str):
        raise bad(f"{slot} must be of type String")
    mode = fields.get("parse_mode")
    if mode is not None:
        if mode != "HTML":
            raise bad("unsupported parse_mode")
        try:
            said, _ = parse(said)
        except MarkupError as error:
            raise bad(f"can't parse entities: {error}") from None
    said = said.strip()
    if slot == "text" and not said:
        raise bad("message text is empty")
    if utf16(said) > (TEXT if slot == "text" else CAPTION):
        raise bad("message is too long" if slot == "text" else "message caption is too long")
    return said


def keyboard(fields: dict[str, Any]) -> list[list[dict[str, str]]]:
    """The rows of an inline keyboard."""
    markup = fields.get("reply_markup")
    if markup is None:
        return []
    if not isinstance(markup, dict) or list(markup) != ["inline_keyboard"]:
        raise bad("object expected as reply markup")
    rows: list[list[dict[str, str]]] = markup["inline_keyboard"]
    if sum(map(len, rows)) > BUTTONS or any(not 1 <= len(row) <= IN_A_ROW for row in rows):
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            _button(button)
    return rows


def _button(button: dict[str, str]) -> None:
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad("can't parse inline keyboard button: text must be non-empty")
    if button.keys() != {"text", "callback_data"}:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed")
    if not 1 <= len(button["callback_data"].encode()) <= DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")


def venue(fields: dict[str, Any]) -> str:
    """The words of a place."""
    if not -90 <= fields["latitude"] <= 90 or not -180 <= fields["longitude"] <= 180:
        raise bad("wrong venue location specified")
    return f"{fields['title']}\n{fields['address']}"


def upload(kind: str, body: bytes) -> None:
    """What the service makes of the bytes of a new file."""
    if len(body) > (PHOTO_BYTES if kind == "photo" else FILE_BYTES):
        raise RefusedError(413, "Request Entity Too Large")
    if not body:
        raise bad("file must be non-empty")
    picture = body.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")) or body[8:12] == b"WEBP"
    if kind == "photo" and not picture:
        raise bad("IMAGE_PROCESS_FAILED")


def commands(fields: dict[str, Any]) -> None:
    """The menu of a bot."""
    given = fields["commands"]
    if not isinstance(given, list) or len(given) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for one in given:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one.get("command", "")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one.get("description", "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    if len({one["command"] for one in given}) != len(given):
        raise bad("BOT_COMMAND_INVALID")  # the service takes the first; we mean each of ours
    scope(fields)


def scope(fields: dict[str, Any]) -> tuple[int, str]:
    """Whose menu it is: (chat, 0 for everybody; language of the telephone, "" for any)."""
    language = fields.get("language_code", "")
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise bad("invalid language code specified")
    where = fields.get("scope", {"type": "default"})
    if not isinstance(where, dict) or where.get("type") not in ("default", "chat"):
        raise bad("unsupported type of BotCommandScope specified")
    if where["type"] == "default":
        return 0, language
    if where.keys() != {"type", "chat_id"} or type(where["chat_id"]) is not int:
        raise bad("can't parse BotCommandScope")
    return where["chat_id"], language


def webhook(fields: dict[str, Any]) -> None:
    """Where updates may go: HTTPS, or plain HTTP to this machine as a local server allows."""
    url = fields["url"]
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", fields.get("secret_token", "")):
        raise bad("secret token contains unallowed characters")
    if not 1 <= int(fields.get("max_connections", 40)) <= 100:
        raise bad("max_connections must be between 1 and 100")
    if set(fields.get("allowed_updates") or ()) - UPDATES:
        raise bad("allowed_updates has an unknown name")
