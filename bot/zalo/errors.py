"""What a call to Zalo raises: the families of zalo-sdk, and under them the cases it left bare."""

from typing import ClassVar

from bot.zalo import sdk_words


class ZaloException(Exception):
    """Zalo refused, or did not answer as it should. `code` is its number, `custom_message` its
    words; `body` the raw answer, never part of the text."""

    def __init__(
        self, code: int | None, custom_message: str | None = None, *, body: str = ""
    ) -> None:
        self._code = code
        self._custom_message = custom_message
        self._msg = self._told()
        self.body = body
        super().__init__(self._msg)

    def _told(self) -> str:
        return _sentence(f"Zalo error ({self._code})", self._custom_message)

    @property
    def code(self) -> int | None:
        """Zalo's error number; for `ZaloHTTPException` the status of HTTP."""
        return self._code

    @property
    def custom_message(self) -> str | None:
        """Zalo's own words."""
        return self._custom_message

    def __str__(self) -> str:
        return self._msg


class ZaloOAException(ZaloException):
    """The Official Account's API refused."""

    ERROR_CODE_TO_STR: ClassVar[dict[int, str]] = sdk_words.ERROR_CODE_TO_STR

    def errCodeToStr(self) -> str:  # noqa: N802 (zalo-sdk's name)
        """zalo-sdk's words for the number; our own stand in the table of codes."""
        if self._code is None:
            return sdk_words.UNKNOWN
        return self.ERROR_CODE_TO_STR.get(self._code, sdk_words.UNKNOWN)

    def _told(self) -> str:
        head = f"Zalo OA error ({self._code}) [{self.errCodeToStr()}]"
        return _sentence(head, self._custom_message)


class ZaloOAAuthTokenExpiredException(ZaloOAException):
    """The access token is not taken any more. `refresh_failure` says why no new one came."""

    refresh_failure: ZaloException | None = None


class ZaloOAuthException(ZaloOAException):
    """The token endpoint refused. Its four fields are kept as it sent them."""

    def __init__(
        self,
        code: int | None,
        custom_message: str | None = None,
        *,
        error_name: str = "",
        error_reason: str = "",
        error_description: str = "",
        ref_doc: str = "",
        body: str = "",
    ) -> None:
        super().__init__(code, custom_message, body=body)
        self.error_name = error_name
        self.error_reason = error_reason
        self.error_description = error_description
        self.ref_doc = ref_doc


class ZaloNoTokensException(ZaloException):
    """The token endpoint answered without a refusal and without a whole pair: nothing was kept."""


class ZaloConsentException(ZaloOAException):
    """No token works and none can be had: an administrator of the OA must consent again."""

    def _told(self) -> str:
        return _sentence("The Zalo account needs consent again", self._custom_message)


class ZaloHTTPException(ZaloException):
    """Not an answer of the API: another status than 200, or a body that is no JSON object."""


class ZaloNotSentException(ZaloException):
    """No connection: Zalo has not seen the request."""


class ZaloNoAnswerException(ZaloException):
    """Written, but the answer never came whole: Zalo may have done it."""


def _sentence(head: str, words: str | None) -> str:
    return head if words is None else f"{head}: {words}"
