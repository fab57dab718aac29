"""What Telegram's refusals mean for a delivery, as a table. Their texts are in no specification:
what is not listed goes by its status alone."""

from telegram.error import TelegramError

from bot.channels.telegram.transport import NoAnswerError, NotSentError, RefusedError
from bot.errors import Gone, Rejected, SendError, Throttled, Unavailable, Uncertain

# Small letters, part of `description`; the first line that fits decides. Seen with the live
# service and in its open-source server.
_SAID: tuple[tuple[int, str, type[Gone] | type[Rejected], str], ...] = (
    (400, "chat not found", Gone, "chat_not_found"),
    (400, "user not found", Gone, "chat_not_found"),
    (400, "peer_id_invalid", Gone, "chat_not_found"),
    (400, "user is deactivated", Gone, "deactivated"),
    (400, "input_user_deactivated", Gone, "deactivated"),
    (400, "have no rights to send", Gone, "forbidden"),
    (400, "can't parse entities", Rejected, "markup"),
    (400, "too long", Rejected, "too_long"),
    (400, "caption_too_long", Rejected, "too_long"),
    (400, "is empty", Rejected, "empty"),
    (400, "must be non-empty", Rejected, "empty"),
    (400, "wrong file identifier", Rejected, "file_reference"),
    (400, "wrong remote file", Rejected, "file_reference"),
    (400, "file reference", Rejected, "file_reference"),
    (400, "too big", Rejected, "file_too_big"),
    (400, "image_process_failed", Rejected, "bad_picture"),
    (400, "photo_invalid_dimensions", Rejected, "bad_picture"),
    (400, "button_data_invalid", Rejected, "bad_choice"),
    (400, "there is no text in the message", Rejected, "no_text"),
    (400, "message to edit not found", Rejected, "message_gone"),
    (400, "message can't be edited", Rejected, "message_gone"),
    (400, "upgraded to a supergroup", Rejected, "migrated"),
    (403, "blocked by the user", Gone, "blocked"),
    (403, "user is deactivated", Gone, "deactivated"),
    (403, "can't initiate conversation", Gone, "never_started"),
    (413, "", Rejected, "file_too_big"),
)
_BY_STATUS: dict[int, tuple[type[Gone] | type[Rejected], str]] = {
    400: (Rejected, "bad_request"),
    401: (Rejected, "token"),
    403: (Gone, "forbidden"),
    404: (Rejected, "token"),  # also an unknown method, on a server older than ours
    409: (Rejected, "conflict"),
}

# Refusals that mean what we wanted is so already.
_DONE = (
    "message is not modified",
    "query is too old",
    "query id is invalid",
    "query_id_invalid",
    "message to delete not found",
)


def is_done(error: TelegramError) -> bool:
    """The wish is fulfilled already, or nobody waits for it any more."""
    if not isinstance(error, RefusedError) or error.status != 400:
        return False
    said = error.said.lower()
    return any(words in said for words in _DONE)


def code_of(refused: RefusedError) -> str:
    """Our word for a refusal: the code of its SendError."""
    return _meaning(refused)[1]


def send_error(error: TelegramError) -> SendError:
    """What became of the delivery. PTB's own errors are our mistakes: it raised before sending."""
    match error:
        case NotSentError():
            return Unavailable("no_connection", error.message)
        case NoAnswerError():
            return Uncertain("no_answer", error.message)
        case RefusedError(status=429):
            wait = error.wait_seconds
            seconds = 1.0 if wait is None else max(wait, 0.0)
            return Throttled("throttled", error.said, wait_seconds=seconds)
        case RefusedError(status=status) if status >= 500:
            return Uncertain("server_error", str(status))
        case RefusedError():
            kind, code = _meaning(error)
            return kind(code, error.said)
        case _ if error.message.startswith("Pool timeout"):
            return Unavailable("no_connection", "no free connection")
        case _:
            return Rejected("library", type(error).__name__)


def _meaning(refused: RefusedError) -> tuple[type[Gone] | type[Rejected], str]:
    said = refused.said.lower()
    for status, words, kind, code in _SAID:
        if status == refused.status and words in said:
            return kind, code
    return _BY_STATUS.get(refused.status, (Rejected, f"status_{refused.status}"))
