"""What may be sent by chat, and what belongs to the official document system instead.

A paper that is collected again after a session, or is above "open", has no place on a telephone:
the bot says where it is had, and holds nothing of it.
"""

from collections.abc import Iterator

from bot.content.library import Document

OPEN = "open"
# "documents.show:" and the name make the value of a button, which carries 60 bytes.
NAME_LIMIT = 40
_EXAMPLES = {
    "summary": 'summary = "Năm điều cần giữ trong hội trường."',
    "file": 'file = "noi-quy.pdf"',
    "where": 'where = "Mời đại biểu nhận tại bàn tài liệu."',
}

Asked = tuple[tuple[str, ...], str, dict[str, object]]


def asked_of(document: Document) -> Iterator[Asked]:
    """What is missing or must not be there: where it stands, the rule, and its values."""
    if len(document.slug) > NAME_LIMIT:
        yield (), "long-name", {"count": len(document.slug), "limit": NAME_LIMIT}
    if document.sensitivity not in ("", OPEN) and not document.official:
        yield ("sensitivity",), "not-open", {"value": document.sensitivity}
        return
    for language, text in document.by_language.items():
        for key in ("file", "summary") if document.official else ("where",):
            if getattr(text, key):
                rule = "official-holds" if document.official else "where-for-official"
                yield (language, key), rule, {"key": key}
        for key in _needed(document, language):
            if not getattr(text, key) and not text.draft:
                example = _EXAMPLES[key]
                values: dict[str, object] = {"key": key, "language": language, "example": example}
                yield (language,), "document-lacks", values


def _needed(document: Document, language: str) -> tuple[str, ...]:
    """The file itself need not be translated, but everybody must have one to fall back to."""
    if document.official:
        return ("where",)
    return ("summary", "file") if language == "vi" else ("summary",)
