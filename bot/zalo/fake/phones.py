"""The fake's business host: approved templates to phone numbers."""

from bot.zalo.fake.acts import Acts
from bot.zalo.fake.calls import take_quota, template_of
from bot.zalo.fake.world import TEMPLATES_A_DAY, Json, Message, RefusedError, World
from bot.zalo.zns import PAGE_LIMIT, TRACKING_LIMIT


class Phones:
    """One method a path."""

    def __init__(self, world: World, acts: Acts) -> None:
        self._world = world
        self._acts = acts

    def send(self, body: Json) -> Json:
        """POST /message/template."""
        world = self._world
        phone = body.get("phone")
        if not isinstance(phone, str) or not (phone.startswith("84") and phone.isdecimal()):
            raise RefusedError(-108, "Phone number is not valid")
        tracking = body.get("tracking_id", "")
        if len(str(tracking)) > TRACKING_LIMIT:
            raise RefusedError(-1124, "tracking_id is too long")
        known = template_of(world, body)
        person = world.by_phone(phone)
        if person is None:
            raise RefusedError(-118, "Zalo account does not exist")
        if person.blocked:
            raise RefusedError(-119, "The person cannot receive this")
        take_quota(world, known.price)
        message = Message(
            world.new_id("z"),
            person.user_id,
            True,
            world.clock(),
            body["template_data"],
            "template",
            "/message/template",
        )
        world.keep(message)
        if person.on_a_phone:
            self._acts.phone_received(phone, message, str(tracking))
        sent = str(int(message.at * 1000))
        return {"msg_id": message.message_id, "sent_time": sent, "quota": self.quota({})}

    def quota(self, _params: Json) -> Json:
        """GET /message/quota."""
        left = self._world.template_left
        return {"dailyQuota": str(TEMPLATES_A_DAY), "remainingQuota": str(left)}

    def status(self, params: Json) -> Json:
        """GET /message/status."""
        message = self._world.messages.get(str(params.get("message_id")))
        if message is None:
            return {"status": -1, "message": "unknown"}
        came = self._world.people[message.user_id].on_a_phone
        return {"status": int(came), "message": "", "delivery_time": str(int(message.at * 1000))}

    def templates(self, params: Json) -> list[Json]:
        """GET /template/all."""
        offset, limit = int(params.get("offset", 0)), int(params.get("limit", PAGE_LIMIT))
        if limit > PAGE_LIMIT:
            raise RefusedError(-1124, "limit is out of range")
        known = [*self._world.templates][offset : offset + limit]
        return [{"templateId": one, "templateName": one, "status": "ENABLE"} for one in known]

    def template(self, params: Json) -> Json:
        """GET /template/info/v2."""
        known = self._world.templates.get(str(params.get("template_id")))
        if known is None:
            raise RefusedError(-112, "Template does not exist")
        listed = [
            {"name": name, "require": True, "type": "STRING", "maxLength": limit, "minLength": 0}
            for name, limit in known.params.items()
        ]
        return {"templateId": known.template_id, "status": "ENABLE", "listParams": listed}
