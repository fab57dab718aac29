"""Zalo's Official Account API for asyncio, by the names of zalo-sdk 0.3.0 (a third party's: there
is no vendor SDK for Python); usable on its own.

    from bot.zalo import ZaloMessageBody, ZaloRecipient, oa

    async with oa.Client(app_id, secret_key, access_token, refresh_token) as client:
        await client.send_message(ZaloRecipient(user_id="…"), ZaloMessageBody("Xin chào"))
"""

from bot.zalo import oa, shapes, webhook, zns
from bot.zalo.client import Client as BaseClient
from bot.zalo.codes import Action, Remedy, Row, row_of
from bot.zalo.errors import (
    ZaloConsentException,
    ZaloException,
    ZaloHTTPException,
    ZaloNoAnswerException,
    ZaloNoTokensException,
    ZaloNotSentException,
    ZaloOAAuthTokenExpiredException,
    ZaloOAException,
    ZaloOAuthException,
)
from bot.zalo.oauth import Tokens, challenge_of, new_verifier, proof_of
from bot.zalo.outcome import send_error
from bot.zalo.uploads import Uploads
from bot.zalo.values import (
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
    ZNSTemplateStatus,
)
from bot.zalo.webhook import WebhookEvent

__all__ = [
    "Action",
    "BaseClient",
    "Remedy",
    "Row",
    "Tokens",
    "Uploads",
    "WebhookEvent",
    "ZNSTemplateStatus",
    "ZaloAction",
    "ZaloAttachment",
    "ZaloAttachmentFile",
    "ZaloAttachmentTemplate",
    "ZaloConsentException",
    "ZaloException",
    "ZaloHTTPException",
    "ZaloMessage",
    "ZaloMessageBody",
    "ZaloNoAnswerException",
    "ZaloNoTokensException",
    "ZaloNotSentException",
    "ZaloOAAuthTokenExpiredException",
    "ZaloOAException",
    "ZaloOAuthException",
    "ZaloPayloadType",
    "ZaloRecipient",
    "ZaloTemplateElement",
    "ZaloTemplateType",
    "challenge_of",
    "new_verifier",
    "oa",
    "proof_of",
    "row_of",
    "send_error",
    "shapes",
    "webhook",
    "zns",
]
