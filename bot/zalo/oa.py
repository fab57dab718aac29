"""The Official Account's API: messages, people, tags, chats, quotas, uploads."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from bot.zalo.client import Client as _Base
from bot.zalo.client import Json
from bot.zalo.errors import ZaloException, ZaloOAAuthTokenExpiredException, ZaloOAException
from bot.zalo.uploads import UPLOADS, Uploads, checked, hash_of
from bot.zalo.values import (
    AsDict,
    ZaloAction,
    ZaloAttachment,
    ZaloAttachmentFile,
    ZaloAttachmentTemplate,
    ZaloMessage,
    ZaloMessageBody,
    ZaloPayloadType,
    ZaloRecipient,
    ZaloTemplateElement,
    ZaloTemplateType,
)

# The values are found here too, as in zalo-sdk: `oa.ZaloRecipient`.
__all__ = [
    "Client",
    "ZaloAction",
    "ZaloAttachment",
    "ZaloAttachmentFile",
    "ZaloAttachmentTemplate",
    "ZaloMessage",
    "ZaloMessageBody",
    "ZaloPayloadType",
    "ZaloRecipient",
    "ZaloTemplateElement",
    "ZaloTemplateType",
]

ENDPOINT = "https://openapi.zalo.me"

CS = "/v3.0/oa/message/cs"
PATH_OF = {
    "consultant": CS,
    "transaction": "/v3.0/oa/message/transaction",
    "media": "/v3.0/oa/message/promotion",
    "action": "/v2.0/oa/message",
}
_OWNERS = ("OA", "App")
_PRODUCTS = ("cs", "transaction")
_QUOTAS = ("sub_quota", "purchase_quota", "reward_quota")


class Client(_Base):
    """Calls as one Official Account. Every method returns the parsed answer."""

    PREFIX = ENDPOINT

    @cached_property
    def uploads(self) -> Uploads:
        """What was uploaded already; set another to share it with other processes."""
        return Uploads(self._clock)

    def _refusal(self, code: int, words: str | None, raw: str) -> ZaloException:
        expired = self._is_expired(code, words)
        kind = ZaloOAAuthTokenExpiredException if expired else ZaloOAException
        return kind(code, words, body=raw)

    # Messages ----------------------------------------------------------------------------

    def create_request_body(
        self,
        recipient: AsDict | Mapping[str, Any],
        body: AsDict | Mapping[str, Any] | None = None,
        action: ZaloAction | Mapping[str, Any] | None = None,
    ) -> Json:
        """What `send_message` would send."""
        return ZaloMessage(recipient, body, action).toDict()

    async def send_message(
        self,
        recipient: AsDict | Mapping[str, Any],
        body: AsDict | Mapping[str, Any] | None = None,
        action: ZaloAction | Mapping[str, Any] | None = None,
        category: str = "consultant",
        files: object = None,
    ) -> Json:
        """Say something (`consultant`), or react (`action`).

        `transaction` and `media` lead to endpoints announced as shut down from 2026-03-01.
        """
        if category not in PATH_OF:
            raise ValueError("Invalid message category provided.")
        if files is not None:
            raise ValueError("Files cannot be sent with a message: use upload_file first.")
        return await self._post(
            PATH_OF[category], self.create_request_body(recipient, body, action)
        )

    async def react(self, user_id: str, message_id: str, icon: str) -> Json:
        """Put an icon (`/-strong`, `/-heart`, …; `/-remove`) on her message; 50 at most on one."""
        recipient = {"user_id": user_id}
        return await self.send_message(
            recipient, action=ZaloAction(icon, message_id), category="action"
        )

    async def send_template(
        self, user_id: str, template_id: str, template_data: Mapping[str, Any]
    ) -> Json:
        """An approved template to a user id. It takes no tracking id: keep `message_id`."""
        body = {"user_id": user_id, "template_id": template_id, "template_data": template_data}
        return await self._post("/v3.0/oa/message/template", body)

    # Uploads -----------------------------------------------------------------------------

    async def upload_file(
        self, file_data: bytes, file_type: str = "file", file_name: str = "", mime_type: str = ""
    ) -> Json:
        """`image` and `gif` give an `attachment_id`, `file` a `token`; both live seven days.

        Size and type are checked first (ValueError). The same bytes are sent once in six days.
        """
        name, mime = checked(file_data, file_type, file_name, mime_type)
        key = hash_of(file_data, file_type)
        if (known := await self.uploads.get(key)) is not None:
            return {"data": {UPLOADS[file_type].answers: known}, "error": 0, "message": "Success"}
        files = {"file": (name, file_data, mime)}
        answer = await self._call("POST", f"/v2.0/oa/upload/{file_type}", files=files)
        if isinstance(data := answer.get("data"), Mapping):
            reference = data.get(UPLOADS[file_type].answers)
            if isinstance(reference, str) and reference:
                await self.uploads.put(key, reference)
        return answer

    async def forget_upload(self, file_data: bytes, file_type: str = "file") -> None:
        """Zalo says it expired (-100): the next `upload_file` sends the bytes again."""
        await self.uploads.drop(hash_of(file_data, file_type))

    # People ------------------------------------------------------------------------------

    async def get_user_detail(self, user_id: str) -> Json:
        """Name, alias, tags, whether she follows, the day of her last interaction."""
        return await self._get("/v3.0/oa/user/detail", {"user_id": user_id})

    async def get_profile(self, user_id: str) -> Json:
        """The same in version 2."""
        return await self._get("/v2.0/oa/getprofile", {"user_id": user_id})

    async def get_list(self, data: Mapping[str, Any]) -> Json:
        """Users by `offset` (to 9,951), `count` (to 50), tag, last interaction, following."""
        return await self._get("/v3.0/oa/user/getlist", data)

    async def get_followers(self, data: Mapping[str, Any]) -> Json:
        """The same in version 2."""
        return await self._get("/v2.0/oa/getfollowers", data)

    async def update_follower_info(self, user_id: str, **info: str) -> Json:
        """name, phone, address, city_id, district_id as the console shows them."""
        return await self._post("/v3.0/oa/updatefollowerinfo", {"user_id": user_id, **info})

    async def tag_follower(self, user_id: str, tag_name: str) -> Json:
        """Tag her; a tag that is not there is made."""
        return await self._post(
            "/v2.0/oa/tag/tagfollower", {"user_id": user_id, "tag_name": tag_name}
        )

    async def rm_follower_from_tag(self, user_id: str, tag_name: str) -> Json:
        """Take a tag from her."""
        body = {"user_id": user_id, "tag_name": tag_name}
        return await self._post("/v2.0/oa/tag/rmfollowerfromtag", body)

    async def rm_tag(self, tag_name: str) -> Json:
        """Delete a tag."""
        return await self._post("/v2.0/oa/tag/rmtag", {"tag_name": tag_name})

    async def get_tags_of_oa(self) -> Json:
        """Every tag, as text."""
        return await self._get("/v2.0/oa/tag/gettagsofoa")

    # The account -------------------------------------------------------------------------

    async def list_recent_chat(self, offset: int = 0, count: int = 10) -> Json:
        """The newest message of each chat, ten at most."""
        return await self._get("/v2.0/oa/listrecentchat", {"offset": offset, "count": count})

    async def get_conversation(self, user_id: str, offset: int = 0, count: int = 10) -> Json:
        """Messages with one user, newest first, ten at most; `src` 1 is hers."""
        asked = {"user_id": user_id, "offset": offset, "count": count}
        return await self._get("/v2.0/oa/conversation", asked)

    async def get_oa(self) -> Json:
        """The account itself: a check that the token works."""
        return await self._get("/v2.0/oa/getoa")

    async def get_zalo_user_quotas(self, user_id: str) -> Json:
        """Her last interaction and what may still be said to her."""
        return await self._post("/v3.0/oa/quota/message", {"user_id": user_id})

    async def get_zalo_oa_quotas(
        self, quota_owner: str, product_type: str = "", quota_type: str = ""
    ) -> Json:
        """What the account (`OA`) or the app (`App`) has left."""
        if quota_owner != "APP":  # sources disagree about the last letters: sent as given
            _one_of("quota_owner", quota_owner, _OWNERS)
        if product_type:
            _one_of("product_type", product_type, _PRODUCTS)
        if quota_type:
            _one_of("quota_type", quota_type, _QUOTAS)
        given = {"product_type": product_type, "quota_type": quota_type}
        body = {"quota_owner": quota_owner, **{k: v for k, v in given.items() if v}}
        return await self._post("/v3.0/oa/quota/message", body)

    async def get_free_response_quota(self, message_id: str) -> Json:
        """Free replies left to one message, in version 2."""
        return await self._post("/v2.0/oa/quota/message", {"message_id": message_id})


def _one_of(name: str, given: str, valid: tuple[str, ...]) -> None:
    if given not in valid:
        raise ValueError(f"Invalid {name}: {given}. Valid values are: {', '.join(valid)}")
