"""Updates as Telegram writes them: made by chat, numbered in order, complete enough to be real."""

from itertools import count
from typing import Any

BOT = {"id": 7000000001, "is_bot": True, "first_name": "Đồng Hành", "username": "donghanh_bot"}
FIRST_DAY = 1800300000  # Unix time of the first update; each is a second later


class Updates:
    """Builds updates of private chats. Chats are known to the bot once they wrote to it."""

    def __init__(self) -> None:
        self._numbers = count(880000001)
        self._messages = count(501)
        self.chats: set[int] = set()
        self.taps: set[str] = set()

    def text(self, chat: int, text: str) -> dict[str, Any]:
        """She writes."""
        commands = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        marks = {"entities": commands} if text.startswith("/") else {}
        return self.message(chat, text=text, **marks)

    def start(self, chat: int, payload: str = "") -> dict[str, Any]:
        """She presses Start, perhaps behind a link with a payload."""
        return self.text(chat, f"/start {payload}".strip())

    def tap(
        self, chat: int, value: str, message_id: int = 500, *, text: str = "…"
    ) -> dict[str, Any]:
        """She presses a button of a message of ours."""
        number = next(self._numbers)
        tap_id = f"43{number:016d}"
        self.taps.add(tap_id)
        self.chats.add(chat)
        under = {
            "message_id": message_id,
            "from": BOT,
            "chat": person(chat, chat=True),
            "date": FIRST_DAY,
            "text": text,
            "reply_markup": {"inline_keyboard": [[{"text": "…", "callback_data": value}]]},
        }
        query = {
            "id": tap_id,
            "from": person(chat),
            "message": under,
            "chat_instance": f"-{chat}99",
            "data": value,
        }
        return {"update_id": number, "callback_query": query}

    def block(self, chat: int) -> dict[str, Any]:
        """She blocks the bot."""
        return self._member(chat, "member", "kicked")

    def unblock(self, chat: int) -> dict[str, Any]:
        """She lets the bot write again."""
        return self._member(chat, "kicked", "member")

    def photo(self, chat: int, file_id: str = "AgACAgUAAxk", caption: str = "") -> dict[str, Any]:
        """She sends a photograph: Telegram offers it in several sizes, the greatest last."""
        sizes = [
            {"file_id": f"{file_id}{n}", "file_unique_id": f"AQAD{n}", "width": w, "height": w}
            for n, w in enumerate((90, 320, 1280))
        ]
        return self.message(chat, photo=sizes, **({"caption": caption} if caption else {}))

    def voice(self, chat: int, file_id: str = "AwACAgUAAxk") -> dict[str, Any]:
        """She speaks."""
        voice = {"file_id": file_id, "file_unique_id": "AgAD1", "duration": 4}
        return self.message(chat, voice={**voice, "mime_type": "audio/ogg", "file_size": 12345})

    def location(self, chat: int, latitude: float, longitude: float) -> dict[str, Any]:
        """She sends where she is."""
        return self.message(chat, location={"latitude": latitude, "longitude": longitude})

    def contact(self, chat: int, phone: str, owner: int | None) -> dict[str, Any]:
        """She sends a card: her own when `owner` is her chat."""
        card: dict[str, Any] = {"phone_number": phone, "first_name": "Lan"}
        if owner is not None:
            card["user_id"] = owner
        return self.message(chat, contact=card)

    def message(self, chat: int, **content: Any) -> dict[str, Any]:
        """Any message of hers."""
        self.chats.add(chat)
        number = next(self._numbers)
        return {
            "update_id": number,
            "message": {
                "message_id": next(self._messages),
                "from": person(chat),
                "chat": person(chat, chat=True),
                "date": FIRST_DAY + number - 880000001,
                **content,
            },
        }

    def _member(self, chat: int, before: str, after: str) -> dict[str, Any]:
        def member(status: str) -> dict[str, Any]:
            until = {"until_date": 0} if status == "kicked" else {}
            return {"user": BOT, "status": status, **until}

        number = next(self._numbers)
        change = {
            "chat": person(chat, chat=True),
            "from": person(chat),
            "date": FIRST_DAY,
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }
        return {"update_id": number, "my_chat_member": change}


def person(number: int, *, chat: bool = False) -> dict[str, Any]:
    """A delegate, as the sender of a message or as its private chat."""
    name = {"id": number, "first_name": "Lan", "last_name": "Nguyễn Thị"}
    if chat:
        return {**name, "type": "private"}
    return {**name, "is_bot": False, "language_code": "vi"}
