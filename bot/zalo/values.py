"""What is sent, by zalo-sdk's names: recipient, body, attachment, action, and the enums."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Protocol

Json = dict[str, Any]


class AsDict(Protocol):
    """Anything that can be sent."""

    def toDict(self) -> Json: ...  # noqa: N802 (zalo-sdk's name)


class ZaloPayloadType(Enum):
    """Kinds of attachment."""

    file = "file"
    template = "template"


class ZaloTemplateType(Enum):
    """Kinds of template in an attachment."""

    media = "media"
    list = "list"
    request_user_info = "request_user_info"


class ZNSTemplateStatus(Enum):
    """Where a template by phone stands with the platform."""

    Enabled = 1
    PendingReview = 2
    Reject = 3
    Disabled = 4


class ZaloRecipient:
    """To whom: a message to answer, else a user, else a target of a broadcast."""

    def __init__(
        self,
        message_id: str | None = None,
        user_id: str | None = None,
        target: Mapping[str, Any] | None = None,
    ) -> None:
        self.message_id = message_id
        self.user_id = user_id
        self.target = target

    def toDict(self) -> Json:  # noqa: N802
        """The first that is there, in the order of the arguments."""
        for name in ("message_id", "user_id", "target"):
            if (value := getattr(self, name)) is not None:
                return {name: plain(value)}
        return {}


class ZaloMessageBody:
    """What is said. Without a quote the field is left out, which is the same as empty."""

    def __init__(
        self,
        text: str | None = None,
        attachment: "AsDict | Mapping[str, Any] | None" = None,
        quote_message_id: str | None = None,
    ) -> None:
        self.text = text
        self.attachment = attachment
        self.quote_message_id = quote_message_id

    def toDict(self) -> Json:  # noqa: N802
        """The `message` of a request."""
        quoted = self.quote_message_id or None
        return _filled(text=self.text, attachment=self.attachment, quote_message_id=quoted)


class ZaloAttachment:
    """A payload and its kind."""

    def __init__(
        self,
        payload_type: "ZaloPayloadType | str" = "template",
        payload: "AsDict | Mapping[str, Any] | None" = None,
    ) -> None:
        self.payload_type = payload_type
        self.payload = payload

    def toDict(self) -> Json:  # noqa: N802
        """`{type, payload}`."""
        return {"type": plain(self.payload_type), "payload": plain(self.payload or {})}


class ZaloTemplateElement:
    """One element of a template: whatever fields it is given, in their order."""

    def __init__(self, **fields: Any) -> None:
        self.fields = fields

    def toDict(self) -> Json:  # noqa: N802
        """The fields that are set."""
        return _filled(**self.fields)


class ZaloAttachmentTemplate:
    """A template with elements or buttons, in the wrapper the API wants around it."""

    def __init__(
        self,
        template_type: "ZaloTemplateType | str | None" = None,
        elements: "Sequence[AsDict | Mapping[str, Any]] | None" = None,
        buttons: "Sequence[AsDict | Mapping[str, Any]] | None" = None,
    ) -> None:
        self.template_type = template_type
        self.elements = elements
        self.buttons = buttons

    def toDict(self) -> Json:  # noqa: N802
        """`{type: template, payload}`; buttons alone have no type of template."""
        payload = _filled(
            template_type=self.template_type,
            elements=self.elements or None,
            buttons=self.buttons or None,
        )
        return ZaloAttachment(ZaloPayloadType.template, payload).toDict()


class ZaloAttachmentFile:
    """A file that was uploaded: its token."""

    def __init__(self, payload_token: str) -> None:
        self.payload_token = payload_token

    def toDict(self) -> Json:  # noqa: N802
        """`{type: file, payload: {token}}`."""
        return ZaloAttachment(ZaloPayloadType.file, {"token": self.payload_token}).toDict()


class ZaloAction:
    """A reaction to a message."""

    def __init__(self, react_icon: str, react_message_id: str) -> None:
        self.react_icon = react_icon
        self.react_message_id = react_message_id

    def toDict(self) -> Json:  # noqa: N802
        """The `sender_action` of a request."""
        return {"react_icon": self.react_icon, "react_message_id": self.react_message_id}


class ZaloMessage:
    """A whole request: to whom, what, or which reaction."""

    def __init__(
        self,
        recipient: "AsDict | Mapping[str, Any] | None" = None,
        message_body: "AsDict | Mapping[str, Any] | None" = None,
        action: "AsDict | Mapping[str, Any] | None" = None,
    ) -> None:
        self.msg = {"recipient": recipient, "message": message_body, "sender_action": action}

    def toDict(self) -> Json:  # noqa: N802
        """The body of the request, without what is not there."""
        return _filled(**self.msg)


def plain(value: Any) -> Any:
    """Values of ours, and enums, as JSON has them; everything else as it is."""
    if hasattr(value, "toDict"):
        return plain(value.toDict())
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _filled(**fields: Any) -> Json:
    return {name: plain(value) for name, value in fields.items() if value is not None}
