"""The whole of what is kept about one person, for herself: as values and as a page of plain text.

Each table of the data map that knows people is in it, or stands in LEFT_OUT with the reason; so
does each column. A test compares both with the map.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.i18n import N_, Translator
from bot.store import Work
from bot.values.event import Event
from bot.vault import Vault

Copy = dict[str, list[dict[str, Any]]]

# Table -> the heading it has in her copy.
HEADINGS = {
    "record": N_("Your line in the organisers' list"),
    "roster_change": N_("Changes of that line"),
    "membership": N_("Your part in the event"),
    "person": N_("What you chose"),
    "consent": N_("Your answers about your data"),
    "address": N_("Chats that are linked to you"),
    "address_person": N_("How they were linked"),
    "card": N_("Your cards"),
    "phone_code": N_("Codes for a second phone"),
    "wrong_guess": N_("Wrong codes that were typed"),
    "session": N_("Where the conversation stands"),
    "transcript": N_("The conversation on the page"),
    "letter_text": N_("Words that were sent to you"),
    "delivery": N_("When it was sent"),
    "delivery_attempt": N_("Attempts to send it"),
    "notice_recipient": N_("Notices meant for you"),
    "inbound": N_("Messages of yours that wait for an answer"),
    "handed_in": N_("Voices and pictures you sent"),
    "request": N_("Your requests"),
    "document_opened": N_("Documents you opened"),
    "question": N_("Questions you sent to the organisers"),
    "audit_log": N_("Who acted on your data, and how"),
}

# Why a table that knows people, or numbers that stand for them, is not in her copy.
LEFT_OUT = {
    "channel_account": N_("the organisers' own accounts and their secrets; nothing about you"),
    "content_version": N_("names of staff who answer for the content; nothing about you"),
    "echo": N_("fingerprints of what was said to you, for a day; the words are in this copy"),
    "erased": N_("fingerprints of the erased; whoever asks for a copy is not among them"),
    "job": N_("work in the background; it names no delegate"),
    "letter": N_("numbers of messages; their words are in this copy"),
    "notice": N_("the organisers' own notices; what was sent to you is in this copy"),
    "platform_event": N_("fingerprints of events that nothing answered; no word of yours"),
    "example_proposal": N_("words that led to an answer; kept without who typed them"),
    "question_decision": N_("names of staff who answer for the content; nothing about you"),
    "question_sent": N_("where the answers to your questions go; the questions are in this copy"),
    "receipt": N_("receipts on their way to your messages; the times are in this copy"),
    "roster_import": N_("the organisers' own files; what they changed of yours is in this copy"),
    "zalo_token": N_("the organisers' own accounts and their secrets; nothing about you"),
}

_NUMBERS = N_("numbers by which the program finds its own rows")
_PRINTS = N_("fingerprints that cannot be read back")
_STAFF = N_("names of staff, and of others that they acted on")
# Why a column is not in her copy, though its table is.
HIDDEN: dict[str, dict[str, str]] = {
    "address": dict.fromkeys(("id", "account_id"), _NUMBERS),
    "address_person": dict.fromkeys(("address_id", "person_id", "event_id"), _NUMBERS),
    "audit_log": {"actor": _STAFF, "subject": _NUMBERS, "details": _STAFF},
    "card": {
        **dict.fromkeys(("id", "event_id", "person_id"), _NUMBERS),
        **dict.fromkeys(("token_hash", "code_hash"), _PRINTS),
    },
    "consent": dict.fromkeys(("id", "event_id", "person_id"), _NUMBERS),
    "delivery": dict.fromkeys(("person_id", "address_id", "platform_message_id"), _NUMBERS),
    "document_opened": {"person_id": _NUMBERS},
    "handed_in": dict.fromkeys(("address_id", "key"), _NUMBERS),
    "inbound": {"update_id": _NUMBERS},
    "notice_recipient": {"person_id": _NUMBERS},
    "membership": dict.fromkeys(("event_id", "person_id"), _NUMBERS),
    "person": dict.fromkeys(("id", "preferred_address_id"), _NUMBERS),
    "phone_code": {
        **dict.fromkeys(("id", "event_id", "person_id"), _NUMBERS),
        "code_hash": _PRINTS,
    },
    "record": {"person_id": _NUMBERS, "phone_hash": _PRINTS},
    "question": {"folded": N_("your words once more, as the program compares them")},
    "request": dict.fromkeys(("person_id", "address_id", "accepted_by"), _NUMBERS),
    "session": dict.fromkeys(("address_id", "person_id", "event_id"), _NUMBERS),
    "transcript": dict.fromkeys(("address_id", "key"), _NUMBERS),
    "wrong_guess": dict.fromkeys(("id", "address_id", "card_id"), _NUMBERS),
}

# What is shown of each table, in this order, and how each column is called.
SHOWN: dict[str, dict[str, str]] = {
    "record": {
        "code": N_("code"),
        "full_name": N_("name"),
        "salutation": N_("form of address"),
        "delegation": N_("delegation"),
        "role": N_("role in the delegation"),
        "phone_cipher": N_("phone number"),
        "hotel": N_("hotel"),
        "room": N_("room"),
        "bus": N_("bus"),
        "seat": N_("seat"),
        "table": N_("meal table"),
        "group": N_("discussion group"),
        "badge_place": N_("place to get the badge"),
        "declared_language": N_("language given at registration"),
        "comfort": N_("way of being told"),
        "status": N_("state"),
        "updated_at": N_("changed at"),
    },
    "roster_change": {"at": N_("time"), "before": N_("before"), "after": N_("after")},
    "membership": {"role": N_("role"), "created_at": N_("time")},
    "person": {
        "language": N_("language"),
        "comfort": N_("way of being told"),
        "simple_mode": N_("short answers"),
        "notices_stopped_at": N_("ordinary notices stopped at"),
        "created_at": N_("known since"),
        "erased_at": N_("erased at"),
    },
    "consent": {
        "at": N_("time"),
        "text_version": N_("version of the text"),
        "agreed": N_("agreed"),
        "language": N_("language"),
    },
    "address": {
        "kind": N_("channel"),
        "sender": N_("account there"),
        "created_at": N_("known since"),
        "gone_at": N_("left at"),
        "gone_reason": N_("reason"),
        "frozen_at": N_("frozen at"),
        "heard_at": N_("last heard from"),
        "staff_until": N_("answered by a person until"),
    },
    "address_person": {"at": N_("time"), "how": N_("how")},
    "card": {"issued_at": N_("made at"), "frozen_at": N_("frozen at")},
    "phone_code": {"made_at": N_("made at")},
    "wrong_guess": {"at": N_("time")},
    "session": {
        "updated_at": N_("time"),
        "step": N_("question that waits for your answer"),
        "notes": N_("notes"),
    },
    "transcript": {"at": N_("time"), "side": N_("who"), "body": N_("words")},
    "letter_text": {
        "delivery_id": N_("number"),
        "lang": N_("language"),
        "reply": N_("words"),
    },
    "delivery": {
        "id": N_("number"),
        "created_at": N_("time"),
        "lang": N_("language"),
        "state": N_("state"),
        "claimed_at": N_("begun at"),
        "sent_at": N_("sent at"),
        "delivered_at": N_("delivered at"),
        "seen_at": N_("seen at"),
        "acknowledged_at": N_("acknowledged at"),
        "reason": N_("reason"),
        "params": N_("notes"),
    },
    "notice_recipient": {"notice_id": N_("number")},
    "delivery_attempt": {
        "delivery_id": N_("number"),
        "at": N_("time"),
        "outcome": N_("state"),
        "code": N_("reason"),
    },
    "inbound": {"received_at": N_("time"), "payload": N_("words")},
    "handed_in": {
        "at": N_("time"),
        "kind": N_("kind"),
        "mime": N_("format"),
        "seconds": N_("seconds"),
        "body": N_("bytes"),
    },
    "request": {
        "id": N_("number"),
        "created_at": N_("time"),
        "kind": N_("kind"),
        "topic": N_("topic"),
        "field": N_("about"),
        "place": N_("hotel"),
        "language": N_("language"),
        "state": N_("state"),
        "due_at": N_("done by"),
        "accepted_at": N_("accepted at"),
        "closed_at": N_("closed at"),
        "last_texts": N_("your last messages"),
    },
    "document_opened": {
        "at": N_("time"),
        "document": N_("document"),
        "version": N_("version"),
    },
    "question": {"at": N_("time"), "text": N_("words"), "language": N_("language")},
    "audit_log": {"at": N_("time"), "verb": N_("act")},
}


def copy_of(work: Work, vault: Vault, event_id: int, person_id: int) -> Copy:
    """Everything of hers in one event, her phone number opened; what is not hers is not in it."""
    found = work.belongings.of(event_id, person_id)
    return {
        table: [{name: _opened(vault, name, row[name]) for name in columns} for row in found[table]]
        for table, columns in SHOWN.items()
    }


def field_name(field: str) -> str:
    """How a field of her line in the list is called; a key of `t`."""
    return SHOWN["record"].get("phone_cipher" if field == "phone" else field, field)


def name_of_copy(vault: Vault, event_id: int, person_id: int) -> str:
    """What a page asks for her copy by: as long as the name of a file, and nobody can guess it."""
    return "".join(vault.fingerprint(f"copy:{half}:{event_id}:{person_id}") for half in "ab")


def as_json(copy: Copy, event: Event, made: datetime) -> dict[str, Any]:
    """The copy for a program, with the reasons for what is not in it."""
    rows = {
        table: [{name: _plain(value) for name, value in row.items()} for row in each]
        for table, each in copy.items()
    }
    return {
        "event": event.slug,
        "made_at": made.isoformat(),
        "kept": rows,
        "not_in_it": {"tables": LEFT_OUT, "columns": HIDDEN},
    }


def as_text(copy: Copy, event: Event, made: datetime, t: Translator) -> str:
    """The copy as she reads it: a heading for each kind of thing, then one thing after another."""
    lines = [
        t("What is kept about you"),
        event.names.get(t.language.code, event.names.get("vi", event.slug)),
        t("Made at {stamp}", stamp=t.stamp(made)),
    ]
    for table, rows in copy.items():
        lines += ["", f"## {t(HEADINGS[table])} ({len(rows)})"]
        for row in rows:
            lines += ["", *_told(table, row, t)]
    lines += ["", f"## {t('Not in this copy')}", ""]
    lines += [f"- {t(reason)}" for reason in dict.fromkeys([*LEFT_OUT.values(), *_reasons()])]
    return "\n".join(lines) + "\n"


def _told(table: str, row: Mapping[str, Any], t: Translator) -> Iterator[str]:
    for name, label in SHOWN[table].items():
        if row[name] not in (None, "", [], {}):
            yield f"- {t(label)}: {_in_words(row[name], t)}"


def _in_words(value: object, t: Translator) -> str:
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if isinstance(value, datetime):
        return f"{value.astimezone(t.zone):%H:%M:%S %d/%m/%Y}"
    if isinstance(value, Mapping):
        words = value.get("text")
        return str(words) if words else json.dumps(value, ensure_ascii=False)
    if isinstance(value, bytes):
        return str(len(value))  # it can be heard or seen where she sent it, and is in the JSON
    return " / ".join(map(str, value)) if isinstance(value, list) else str(value)


def _reasons() -> list[str]:
    return [reason for columns in HIDDEN.values() for reason in columns.values()]


def _opened(vault: Vault, name: str, value: Any) -> Any:
    """Her phone number is hers to read; in the history of imports it stays sealed."""
    if name == "phone_cipher":
        return vault.open(value)
    if name in ("before", "after") and value:
        return {key: one for key, one in value.items() if not key.startswith("phone_")}
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value
