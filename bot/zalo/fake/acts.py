"""What people do in Zalo, and the events it makes."""

from typing import Any

from bot.zalo.fake.hooks import Hooks
from bot.zalo.fake.world import OA_ID, Json, Message, Person, World


class Acts:
    """Each verb is something a person does; it is heard through the webhook."""

    def __init__(self, world: World, hooks: Hooks) -> None:
        self._world = world
        self._hooks = hooks

    def meet(self, user_id: str, **fields: Any) -> Person:
        """Somebody the account may come to know. Nothing is heard yet."""
        person = self._world.people.get(user_id)
        if person is None:
            person = self._world.people[user_id] = Person(user_id)
        for name, value in fields.items():
            setattr(person, name, value)
        return person

    def follow(self, user_id: str, source: str = "oa_profile") -> None:
        """She follows the account: an interaction."""
        person = self.meet(user_id, follows=True, blocked=False)
        person.last_interaction = self._world.clock()
        self._relation("follow", person, source)

    def unfollow(self, user_id: str) -> None:
        """She does not any more; answers to what she wrote may still reach her."""
        self._relation("unfollow", self.meet(user_id, follows=False), "oa_profile")

    def _relation(self, name: str, person: Person, source: str) -> None:
        self._hooks.emit(
            {
                "event_name": name,
                "oa_id": OA_ID,
                "follower": {"id": person.user_id},
                "user_id_by_app": person.by_app,
                "source": source,
            }
        )

    def opens_chat(self, user_id: str) -> None:
        """She opens the chat for the first time."""
        person = self.meet(user_id, last_interaction=self._world.clock())
        self._hooks.emit(
            {
                "event_name": "user_click_chatnow",
                "oa_id": OA_ID,
                "user_id": user_id,
                "user_id_by_app": person.by_app,
            }
        )

    def says(self, user_id: str, text: str, quote: str = "") -> str:
        """She writes. Returns the message's id."""
        said: Json = {"text": text}
        if quote:
            said["quote_msg_id"] = quote
        return self._sends(user_id, "text", said)

    def sends(self, user_id: str, kind: str, payload: Json, text: str = "") -> str:
        """A picture, sound, place, file, sticker, link or card; `payload` as Zalo writes it."""
        said: Json = {"attachments": [{"type": kind, "payload": payload}]}
        if text:
            said["text"] = text
        return self._sends(user_id, kind, said)

    def taps(self, user_id: str, message_id: str, title: str) -> str:
        """She taps a button of a message. Its payload comes as her words; a link makes no event."""
        message = self._world.messages[message_id]
        payload = message.body.get("attachment", {}).get("payload", {})
        tapped = next(one for one in payload.get("buttons", []) if one["title"] == title)
        if not str(tapped["type"]).startswith("oa.query."):
            return ""
        message_id = self.says(user_id, tapped["payload"])
        self._world.messages[message_id].hidden = tapped["type"] == "oa.query.hide"
        return message_id

    def shares_info(self, user_id: str, **more: str) -> None:
        """She answers a card that asks for her name and phone."""
        person = self.meet(user_id)
        assert person.was_asked_for_info, "nobody asked her"
        info = {"name": person.name, "phone": person.phone, **more}
        self._hooks.emit({**self._hers(person, "user_submit_info"), "info": info})

    def reacts(self, user_id: str, message_id: str, icon: str) -> None:
        """She puts an icon on a message of ours."""
        said = {"msg_id": message_id, "react_icon": icon}
        event = self._hers(self.meet(user_id), "user_reacted_message")
        self._hooks.emit({**event, "message": said})

    def sees(self, user_id: str) -> None:
        """She looks at the chat, on a phone."""
        unseen = [one for one in self._world.taken() if one.user_id == user_id and not one.seen]
        for one in unseen:
            one.seen = True
        if unseen and self.meet(user_id).on_a_phone:
            ids = [one.message_id for one in unseen]
            self._hooks.emit(self._ours(user_id, "user_seen_message", {"msg_ids": ids}))

    def withdraws(self, user_id: str) -> None:
        """She uses her right: what is known of her is to be erased."""
        self._hooks.emit(self._hers(self.meet(user_id), "user_withdraw"))

    def console_says(self, user_id: str, text: str, admin_id: str = "42") -> str:
        """A person answers her from the account's console."""
        message = self._kept(user_id, "text", {"text": text}, from_oa=True)
        event = self._ours(user_id, "oa_send_text", {"text": text, "msg_id": message.message_id})
        event["sender"]["admin_id"] = admin_id
        self._hooks.emit(event)
        return message.message_id

    def says_in_group(self, user_id: str, group_id: str, text: str) -> None:
        """She writes in a group the account belongs to."""
        person = self.meet(user_id, last_interaction=self._world.clock())
        said = {"text": text, "msg_id": self._world.new_id("m")}
        event = {**self._hers(person, "user_send_group_text"), "recipient": {"id": group_id}}
        self._hooks.emit({**event, "oa_id": OA_ID, "message": said})

    def unknown(self, event_name: str = "some_future_event") -> None:
        """An event of a later year."""
        self._hooks.emit({"event_name": event_name, "oa_id": OA_ID, "data": {"a": 1}})

    def accepted(self, message: Message) -> None:
        """What follows a message of ours: its echo, and from a phone that it came."""
        said = {**{k: v for k, v in message.body.items() if k == "text"}}
        said["msg_id"] = message.message_id
        echo = "template" if message.kind == "request_user_info" else message.kind
        person = self._world.people[message.user_id]
        self._hooks.emit(self._ours(message.user_id, f"oa_send_{echo}", said))
        if person.on_a_phone:
            receipt = {"msg_id": message.message_id}
            self._hooks.emit(self._ours(message.user_id, "user_received_message", receipt))

    def phone_received(self, phone: str, message: Message, tracking_id: str) -> None:
        """A template sent to a number came: the receipt names the number."""
        said = {
            "msg_id": message.message_id,
            "delivery_time": str(int(self._world.clock() * 1000)),
            "tracking_id": tracking_id,
        }
        event = self._ours(phone, "user_received_message", said)
        self._hooks.emit(event, {"X-ZEvent-Server": "ZNS"})

    def _sends(self, user_id: str, kind: str, said: Json) -> str:
        person = self.meet(user_id, last_interaction=self._world.clock(), blocked=False)
        message = self._kept(user_id, kind, said, from_oa=False)
        event = self._hers(person, f"user_send_{kind}")
        self._hooks.emit({**event, "message": {**said, "msg_id": message.message_id}})
        return message.message_id

    def _kept(self, user_id: str, kind: str, body: Json, *, from_oa: bool) -> Message:
        world = self._world
        message = Message(world.new_id("m"), user_id, from_oa, world.clock(), body, kind)
        world.messages[message.message_id] = message
        return message

    def _hers(self, person: Person, name: str) -> Json:
        return {
            "event_name": name,
            "sender": {"id": person.user_id},
            "recipient": {"id": OA_ID},
            "user_id_by_app": person.by_app,
        }

    def _ours(self, to: str, name: str, said: Json) -> Json:
        return {
            "event_name": name,
            "sender": {"id": OA_ID},
            "recipient": {"id": to},
            "message": said,
        }
