"""Templates by phone, on the business host: send, status, quota, the list and one's parameters."""

from collections.abc import Mapping
from typing import Any

from bot.zalo.client import Client as _Base
from bot.zalo.client import Json
from bot.zalo.errors import ZaloException, ZaloOAAuthTokenExpiredException
from bot.zalo.values import ZNSTemplateStatus

__all__ = ["Client", "ZNSTemplateStatus"]

ENDPOINT = "https://business.openapi.zalo.me"
TRACKING_LIMIT = 48  # characters
PAGE_LIMIT = 100


class Client(_Base):
    """Sends approved templates to phone numbers, each at a price."""

    PREFIX = ENDPOINT
    EXPIRED = frozenset({-124, -216, -220})

    def _refusal(self, code: int, words: str | None, raw: str) -> ZaloException:
        if self._is_expired(code, words):
            return ZaloOAAuthTokenExpiredException(code, words, body=raw)
        return ZaloException(code, words, body=raw)

    async def send_zns_message(
        self,
        contact_phone: str,
        template_id: str,
        template_data: Mapping[str, Any],
        tracking_id: str | None = None,
        dev_mode: bool = False,
        sending_mode: str | None = None,
    ) -> Json:
        """`contact_phone` as 84…; `dev_mode` reaches administrators of the app or OA only."""
        if tracking_id is not None and len(tracking_id) > TRACKING_LIMIT:
            raise ValueError("Invalid tracking id provided.")
        body: Json = {
            "phone": contact_phone,
            "template_id": template_id,
            "template_data": template_data,
        }
        if tracking_id is not None:
            body["tracking_id"] = tracking_id
        if dev_mode:
            body["mode"] = "development"
        if sending_mode:
            body["sending_mode"] = sending_mode
        return await self._post("/message/template", body)

    async def get_template_list(
        self, offset: int, limit: int, status: ZNSTemplateStatus | None = None
    ) -> Json:
        """A page of templates, 100 at most."""
        if status is not None and not isinstance(status, ZNSTemplateStatus):
            raise ValueError("Invalid template status provided.")
        params: Json = {"offset": offset, "limit": limit}
        if status is not None:
            params["status"] = status.value
        return await self._call("GET", "/template/all", params=params)

    async def get_template_info(self, template_id: str) -> Json:
        """One template: `listParams` has each parameter's type and longest value."""
        return await self._call("GET", "/template/info/v2", params={"template_id": template_id})

    async def get_message_status(self, message_id: str) -> Json:
        """-1 unknown, 0 sent, 1 delivered."""
        return await self._call("GET", "/message/status", params={"message_id": message_id})

    async def get_quota(self) -> Json:
        """What may still be sent today."""
        return await self._call("GET", "/message/quota")
