"""The fake's answers to calls on the Official Account: a body in, `data` or a refusal out."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from bot.zalo.fake.acts import Acts
from bot.zalo.fake.rules import check_window, kind_of
from bot.zalo.fake.world import (
    FREE_SECONDS,
    OA_ID,
    REACTIONS_LIMIT,
    TEMPLATES_A_DAY,
    UPLOADS_A_MONTH,
    Json,
    Message,
    Person,
    RefusedError,
    World,
)
from bot.zalo.uploads import UPLOADS, checked

ICONS = ("/-strong", "/-heart", ":>", "--b", ":-((", ":-h", ":o", "/-remove")
_PAGE = 50
_LAST_OFFSET = 9951
_HOME = timezone(timedelta(hours=7))


class Calls:
    """One method a path. Bodies are checked by the documentation."""

    def __init__(self, world: World, acts: Acts) -> None:
        self._world = world
        self._acts = acts

    def cs(self, body: Json) -> Json:
        """POST /v3.0/oa/message/cs."""
        world = self._world
        recipient = body.get("recipient")
        user_id = recipient.get("user_id") if isinstance(recipient, dict) else None
        person = world.person(user_id)
        kind = kind_of(world, body.get("message"))
        check_window(world, person)
        person.was_asked_for_info |= kind == "request_user_info"
        message = self._sent(person, body["message"], kind, "/v3.0/oa/message/cs")
        quota = {"quota_type": "sub_quota", "remain": 2000}
        return {**self._receipt(message), "quota": quota}

    def template(self, body: Json) -> Json:
        """POST /v3.0/oa/message/template, by user id."""
        if "tracking_id" in body:
            raise RefusedError(-201, "tracking_id is not supported")
        person = self._world.person(body.get("user_id"))
        known = template_of(self._world, body)
        if not known.by_uid:
            raise RefusedError(-249, "Template cannot be sent by UID")
        take_quota(self._world, known.price)
        message = self._sent(person, body["template_data"], "template", "/v3.0/oa/message/template")
        left = {"quota_type": "daily", "remain": self._world.template_left}
        return {**self._receipt(message), "quota": left}

    def react(self, body: Json) -> Json:
        """POST /v2.0/oa/message, for reactions only here."""
        action = body.get("sender_action")
        if not isinstance(action, dict):
            raise RefusedError(-240, "This version of API was shut down")
        if action.get("react_icon") not in ICONS:
            raise RefusedError(-201, "react_icon is not valid")
        message = self._world.messages.get(str(action.get("react_message_id")))
        if message is None:
            raise RefusedError(-201, "react_message_id is not valid")
        if message.reactions >= REACTIONS_LIMIT:
            raise RefusedError(-211, "Out of quota")
        message.reactions += 1
        message.icon = str(action["react_icon"])
        return {"message_id": message.message_id, "user_id": message.user_id}

    def upload(self, kind: str, content: bytes, name: str, mime: str) -> Json:
        """POST /v2.0/oa/upload/…; lives seven days."""
        world = self._world
        if not name:
            raise RefusedError(-201, "file is not valid")
        try:
            checked(content, kind, name, mime)
        except ValueError as error:
            raise RefusedError(-210, str(error)) from None
        if world.uploaded >= UPLOADS_A_MONTH:
            raise RefusedError(-211, "Out of quota")
        world.uploaded += 1
        reference = world.new_id("up")
        world.uploads[reference] = (kind, world.clock())
        world.contents[reference] = content
        return {UPLOADS[kind].answers: reference}

    def detail(self, data: Json) -> Json:
        """GET /v3.0/oa/user/detail and /v2.0/oa/getprofile."""
        person = self._world.person(data.get("user_id"))
        seen = person.last_interaction
        day = datetime.fromtimestamp(seen, UTC).astimezone(_HOME) if seen is not None else None
        return {
            "user_id": person.user_id,
            "user_id_by_app": person.by_app,
            "display_name": person.name,
            "user_alias": "",
            "is_sensitive": False,
            "user_last_interaction_date": f"{day:%d/%m/%Y}" if day else "",
            "user_is_follower": person.follows,
            "avatar": "https://example.org/a.jpg",
            "tags_and_notes_info": {"notes": [], "tag_names": person.tags},
            "shared_info": {"name": "", "phone": "", "address": "", "city": "", "district": ""},
        }

    def people(self, data: Json) -> Json:
        """GET /v3.0/oa/user/getlist and /v2.0/oa/getfollowers."""
        offset, count = data.get("offset", 0), data.get("count", _PAGE)
        if not isinstance(offset, int) or not 0 <= offset <= _LAST_OFFSET:
            raise RefusedError(-210, "offset is out of range")
        if not isinstance(count, int) or not 1 <= count <= _PAGE:
            raise RefusedError(-210, "count is out of range")
        found = [one for one in self._world.people.values() if _listed(one, data)]
        page = [{"user_id": one.user_id} for one in found[offset : offset + count]]
        return {"total": len(found), "count": count, "offset": offset, "users": page}

    def tag(self, body: Json) -> None:
        """POST /v2.0/oa/tag/tagfollower."""
        person, name = self._world.person(body.get("user_id")), body.get("tag_name")
        if not isinstance(name, str) or not name:
            raise RefusedError(-201, "tag_name is not valid")
        if name not in person.tags:
            person.tags.append(name)

    def untag(self, body: Json) -> None:
        """POST /v2.0/oa/tag/rmfollowerfromtag."""
        person, name = self._world.person(body.get("user_id")), body.get("tag_name")
        if name in person.tags:
            person.tags.remove(name)

    def remove_tag(self, body: Json) -> None:
        """POST /v2.0/oa/tag/rmtag."""
        for person in self._world.people.values():
            person.tags = [tag for tag in person.tags if tag != body.get("tag_name")]

    def tags(self, _data: Json) -> list[str]:
        """GET /v2.0/oa/tag/gettagsofoa."""
        return sorted({tag for person in self._world.people.values() for tag in person.tags})

    def update_info(self, body: Json) -> None:
        """POST /v3.0/oa/updatefollowerinfo."""
        self._world.person(body.get("user_id"))

    def chats(self, data: Json) -> list[Json]:
        """GET /v2.0/oa/listrecentchat: the newest message of each."""
        newest = {one.user_id: one for one in self._world.messages.values()}
        return _page([_line(one) for one in reversed(newest.values())], data)

    def conversation(self, data: Json) -> list[Json]:
        """GET /v2.0/oa/conversation, newest first."""
        self._world.person(data.get("user_id"))
        hers = [m for m in self._world.messages.values() if m.user_id == data["user_id"]]
        return _page([_line(one) for one in reversed(hers)], data)

    def account(self, _data: Json) -> Json:
        """GET /v2.0/oa/getoa."""
        return {
            "oa_id": OA_ID,
            "name": "Đại hội thử nghiệm",
            "is_verified": self._world.verified,
            "oa_type": 4,
            "num_follower": sum(one.follows for one in self._world.people.values()),
            "package_name": "Nâng cao",
            "package_valid_through_date": "31/12/2027",
            "linked_ZCA": "" if self._world.money is None else "ZCA-1",
        }

    def quota(self, body: Json) -> Any:
        """POST /v3.0/oa/quota/message: of a user, or of the account."""
        if "user_id" not in body:
            if body.get("quota_owner") not in ("OA", "App", "APP"):
                raise RefusedError(-201, "quota_owner is not valid")
            return []
        person, now = self._world.person(body["user_id"]), self._world.clock()
        last = person.last_interaction
        free = last is not None and now - last <= FREE_SECONDS
        told = "" if last is None else str(int(last * 1000))
        return {"last_interaction": told, "cs_reply": {"remain": 8 if free else 0, "total": 8}}

    def _sent(self, person: Person, body: Json, kind: str, path: str) -> Message:
        world = self._world
        message = Message(world.new_id("o"), person.user_id, True, world.clock(), body, kind, path)
        world.keep(message)
        self._acts.accepted(message)
        return message

    def _receipt(self, message: Message) -> Json:
        sent = str(int(message.at * 1000))
        return {"message_id": message.message_id, "user_id": message.user_id, "sent_time": sent}


def template_of(world: World, body: Json) -> Any:
    """The template a body names, once its parameters were found good."""
    known = world.templates.get(str(body.get("template_id")))
    given = body.get("template_data")
    if known is None:
        raise RefusedError(-112, "Template does not exist")
    if not isinstance(given, dict) or set(given) != set(known.params):
        raise RefusedError(-1121, "Parameters of the template are missing")
    for name, limit in known.params.items():
        if len(str(given[name])) > limit:
            raise RefusedError(-1122, f"Parameter {name} is too long")
    return known


def take_quota(world: World, price: int) -> None:
    """One more template today, paid for."""
    if world.template_left <= 0:
        raise RefusedError(-144, f"The daily quota of {TEMPLATES_A_DAY} is used")
    if world.money is None or world.money < price:
        raise RefusedError(-115, "Out of balance")
    world.money -= price
    world.template_left -= 1


def _listed(person: Person, data: Json) -> bool:
    if "is_follower" in data and person.follows is not data["is_follower"]:
        return False
    return not data.get("tag_name") or data["tag_name"] in person.tags


def _page(lines: list[Json], data: Json) -> list[Json]:
    offset, count = data.get("offset", 0), data.get("count", 10)
    if not isinstance(count, int) or not 1 <= count <= 10:
        raise RefusedError(-210, "count is out of range")
    return lines[offset : offset + count]


def _line(message: Message) -> Json:
    ends = (OA_ID, message.user_id)
    source, target = ends if message.from_oa else reversed(ends)
    return {
        "src": 0 if message.from_oa else 1,
        "time": int(message.at * 1000),
        "type": message.kind,
        "message": message.body.get("text", ""),
        "message_id": message.message_id,
        "from_id": source,
        "to_id": target,
    }
