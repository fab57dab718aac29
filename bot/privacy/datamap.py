"""Every column of the database by what it tells about people: the data map of an installation.

A test compares the table below with the real one: a new column without its line fails the suite.
Classes after Decree 356/2025/NĐ-CP; the chosen language counts as sensitive, for it is a proxy for
ethnic origin, and so do words of a conversation (behaviour in cyberspace).
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.i18n import N_


class Kind(StrEnum):
    """The classes of data."""

    NONE = "none"
    PSEUDONYM = "pseudonym"
    BASIC = "basic"
    SENSITIVE = "sensitive"
    SEALED = "sealed"


KINDS = {
    Kind.NONE: N_("not about a person"),
    Kind.PSEUDONYM: N_("a number that stands for a person"),
    Kind.BASIC: N_("basic personal data"),
    Kind.SENSITIVE: N_("sensitive personal data"),
    Kind.SEALED: N_("secret, sealed or as a fingerprint"),
}

# How long.
END = N_("the event's end and {retention_days} days, or until she asks")
WORDS = N_("the event's end and {message_days} days, or until she asks")
TURN = N_("until it is answered")
CODE = N_("until it is used or replaced; it works for ten minutes")
DAY = N_("one day at most")
WEEK = N_("seven days at most")
CLOSED = N_("until the request is closed")
ANSWERED = N_("until the answer is sent to her, she asks, or {message_days} days after the event")
WORDS_OF_ALL = N_("the event's end and {message_days} days")
FACT = N_("kept as a fact without a name")
ALWAYS = N_("as long as the installation")

# Who sees it.
HERSELF = N_("herself")
ORGANISERS = N_("herself and the organisers")
HELPER = N_("the helper of her request")
COUNTED = N_("organisers, as counts")
OFFICE = N_("organisers")
NOBODY = N_("nobody; the program only")


@dataclass(frozen=True, slots=True)
class Held:
    """Some columns of one table that are kept for the same reason. Texts are keys of `t`."""

    columns: str
    kind: Kind
    why: str = N_("how the program works")
    until: str = ALWAYS
    seen: str = NOBODY

    @property
    def names(self) -> list[str]:
        """The columns, one by one."""
        return self.columns.split()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Where data leaves the installation: the setting that switches it, what goes, the country.

    `needs` names another setting without which nothing goes there.
    """

    name: str
    switch: str
    sends: str
    country: str
    needs: str = ""


_LINK = N_("ties a chat to a person")
_GUARD = N_("stops people who guess codes")
_QUEUE = N_("sends each message once")
_UNANSWERED = N_("counts what a platform posted that nothing answers")
_HISTORY = N_("shows what an import did and takes it back")
_CONTENT = N_("the organisers' approved content")
_PROOF = N_("proves what was agreed to and when")
_HELP = N_("lets a person help her")
_SERVE = N_("tells her own room, bus, seat and programme")
_SPEAK = N_("speaks her language, in the way she likes")
_TALK = N_("continues the conversation where it stood")
_LEARN = N_("shows which questions have no answer yet")
_ANSWER_HER = N_("sends her the answer to her question; nobody is shown it")
_ACTS = N_("shows who did what")
_MEANT = N_("shows whom a notice is meant for")
_ERASED = N_("keeps the erased erased")

DATA_MAP: dict[str, tuple[Held, ...]] = {
    "address": (
        Held("id account_id created_at gone_at gone_reason frozen_at", Kind.PSEUDONYM, _TALK, FACT),
        Held("sender", Kind.BASIC, N_("her account on the channel, to answer her"), END),
        Held(
            "heard_at staff_until",
            Kind.SENSITIVE,
            N_("shows whether the channel still lets us write to her, and who answers her there"),
            END,
            COUNTED,
        ),
    ),
    "address_person": (Held("address_id person_id event_id how at", Kind.PSEUDONYM, _LINK, END),),
    "audit_log": (
        Held("id event_id verb at", Kind.NONE, _ACTS, ALWAYS, OFFICE),
        Held("actor subject details", Kind.PSEUDONYM, _ACTS, ALWAYS, OFFICE),
    ),
    "card": (
        Held("id event_id person_id issued_at frozen_at", Kind.PSEUDONYM, _LINK, END),
        Held("token_hash code_hash", Kind.SEALED, _LINK, END),
    ),
    "channel_account": (
        Held("id kind name event_id settings enabled created_at heard_at", Kind.NONE),
        Held("secrets", Kind.SEALED),
    ),
    "consent": (
        Held("id event_id person_id text_version agreed at", Kind.PSEUDONYM, _PROOF, FACT, OFFICE),
        Held("language", Kind.SENSITIVE, _PROOF, END),
    ),
    "content_version": (
        Held("id event_id number sha256 body note created_at", Kind.NONE, _CONTENT, seen=OFFICE),
        Held("author approver", Kind.BASIC, N_("names of staff who answer for it"), seen=OFFICE),
    ),
    "delivery": (
        Held(
            "id event_id queue_id lane vtime letter_id act round state attempts unknowns due_at "
            "expires_at owner_epoch target_id parts_done",
            Kind.NONE,
            _QUEUE,
            END,
        ),
        Held("person_id address_id platform_message_id", Kind.PSEUDONYM, _QUEUE, END),
        Held(
            "created_at claimed_at sent_at delivered_at seen_at acknowledged_at reason",
            Kind.SENSITIVE,
            N_("shows who received what, and when"),
            END,
            COUNTED,
        ),
        Held("lang params", Kind.SENSITIVE, _QUEUE, END),
    ),
    "delivery_attempt": (Held("id delivery_id at outcome code", Kind.NONE, _QUEUE, END),),
    "document_count": (
        Held("event_id document version people", Kind.NONE, _CONTENT, ALWAYS, COUNTED),
    ),
    "document_opened": (
        Held("event_id document version", Kind.NONE, _CONTENT, END),
        Held(
            "person_id at",
            Kind.SENSITIVE,
            N_("tells only those who have an old version of a document"),
            END,
        ),
    ),
    "erased": (Held("kind fingerprint at", Kind.SEALED, _ERASED),),
    "echo": (
        Held("account_id at", Kind.NONE, _QUEUE, DAY),
        Held("message_id", Kind.PSEUDONYM, _QUEUE, DAY),
        Held("sender words", Kind.SENSITIVE, _QUEUE, DAY),
    ),
    "event": (
        Held(
            "id slug names time_zone first_day days languages parent_id version_id closed_at "
            "created_at simple_mode quiet_hours phones_away",
            Kind.NONE,
            _CONTENT,
        ),
    ),
    "example_proposal": (
        Held("id event_id answer_id times state", Kind.NONE, _LEARN, WORDS_OF_ALL, OFFICE),
        Held("language text folded", Kind.SENSITIVE, _LEARN, WORDS_OF_ALL, OFFICE),
    ),
    "event_media": (Held("event_id sha256 name guarded", Kind.NONE, _CONTENT),),
    "handed_in": (
        Held("id at", Kind.NONE, _HELP, CLOSED),
        Held("address_id", Kind.PSEUDONYM, _HELP, CLOSED),
        Held("key kind mime seconds body", Kind.SENSITIVE, _HELP, CLOSED, HELPER),
    ),
    "inbound": (
        Held("id account_id received_at done_at attempts", Kind.NONE, _QUEUE),
        Held("update_id", Kind.PSEUDONYM, _QUEUE, END),
        Held("payload", Kind.SENSITIVE, N_("holds what she wrote until it is answered"), TURN),
    ),
    "job": (
        Held(
            "id event_id kind key state done total attempts created_at started_at finished_at",
            Kind.NONE,
        ),
        Held("args error", Kind.PSEUDONYM, until=END),
    ),
    "letter": (
        Held("id event_id notice_id lane expires_at on_unknown created_at", Kind.NONE, _QUEUE),
        Held("key", Kind.PSEUDONYM, _QUEUE, END),
    ),
    "letter_text": (
        Held("letter_id", Kind.NONE, _QUEUE, WORDS),
        Held("lang reply", Kind.SENSITIVE, N_("what she is answered, until it is sent"), WORDS),
    ),
    "media": (Held("sha256 kind size body created_at", Kind.NONE, _CONTENT),),
    "membership": (
        Held("created_at", Kind.NONE, _SERVE, END),
        Held(
            "event_id person_id role",
            Kind.SENSITIVE,
            N_("who takes part; that alone may reveal a political view"),
            END,
            OFFICE,
        ),
    ),
    "notice": (
        Held(
            "id event_id skeleton fields texts lane not_before expires_at quiet_hours "
            "acknowledgement on_unknown state cursor created_at approved_at max_rounds gap_seconds "
            "tags next_look_at closed_at template",
            Kind.NONE,
            _CONTENT,
            seen=OFFICE,
        ),
        Held("author approver", Kind.BASIC, N_("names of staff who answer for it"), seen=OFFICE),
        Held("audience", Kind.PSEUDONYM, _MEANT, END, OFFICE),
    ),
    "notice_recipient": (
        Held("notice_id", Kind.NONE, _MEANT, END),
        Held("person_id", Kind.PSEUDONYM, _MEANT, END, OFFICE),
    ),
    "person": (
        Held("id preferred_address_id created_at erased_at", Kind.PSEUDONYM, _TALK, FACT),
        Held("language comfort simple_mode", Kind.SENSITIVE, _SPEAK, END, HERSELF),
        Held("notices_stopped_at", Kind.BASIC, N_("her wish for no notices"), END, HERSELF),
    ),
    "phone_code": (
        Held("id event_id person_id made_at", Kind.PSEUDONYM, _LINK, CODE),
        Held("code_hash", Kind.SEALED, _LINK, CODE),
    ),
    "platform_event": (
        Held("account_id name kind at shape", Kind.NONE, _UNANSWERED, WEEK),
        Held("key", Kind.SEALED, _UNANSWERED, WEEK),
    ),
    "question": (
        Held("id event_id verdict answer_id score at", Kind.NONE, _LEARN, WORDS, OFFICE),
        Held("language text folded", Kind.SENSITIVE, _LEARN, WORDS, OFFICE),
    ),
    "question_decision": (
        Held(
            "id event_id kind answer_id draft created_at approved_at",
            Kind.NONE,
            _CONTENT,
            seen=OFFICE,
        ),
        Held("author approver", Kind.BASIC, N_("names of staff who answer for it"), seen=OFFICE),
    ),
    "question_sent": (
        Held("question_id decision_id", Kind.NONE, _LEARN, WORDS),
        Held("person_id address_id", Kind.SENSITIVE, _ANSWER_HER, ANSWERED),
    ),
    "queue_lease": (
        Held(
            "id account_id shard owner epoch until paused_until vnow good_rate", Kind.NONE, _QUEUE
        ),
    ),
    "receipt": (
        Held("account_id at", Kind.NONE, _QUEUE, DAY),
        Held("message_id", Kind.PSEUDONYM, _QUEUE, DAY),
        Held(
            "delivered_at seen_at",
            Kind.SENSITIVE,
            N_("shows who received what, and when"),
            DAY,
            COUNTED,
        ),
    ),
    "record": (
        Held("id event_id updated_at status", Kind.NONE, _SERVE, END, OFFICE),
        Held(
            "person_id code full_name salutation delegation role hotel room bus seat table group "
            "badge_place",
            Kind.BASIC,
            _SERVE,
            END,
            ORGANISERS,
        ),
        Held("declared_language comfort", Kind.SENSITIVE, _SPEAK, END, ORGANISERS),
        Held("phone_cipher", Kind.BASIC, N_("her phone, sealed, to prove who she is"), END),
        Held("phone_hash", Kind.SEALED, N_("finds her phone without reading it"), END),
    ),
    "request": (
        Held(
            "id event_id kind topic field state created_at accepted_at closed_at due_at",
            Kind.NONE,
            _HELP,
            FACT,
            OFFICE,
        ),
        Held("person_id address_id accepted_by", Kind.PSEUDONYM, _HELP, FACT, HELPER),
        Held("language", Kind.SENSITIVE, _HELP, END, HELPER),
        Held("place", Kind.BASIC, _HELP, END, HELPER),
        Held("last_texts", Kind.SENSITIVE, _HELP, CLOSED, HELPER),
    ),
    "roster_change": (
        Held("id import_id record_id", Kind.NONE, _HISTORY, END),
        Held("before after", Kind.BASIC, _HISTORY, END, OFFICE),
    ),
    "roster_import": (
        Held("id event_id sha256 counts at undone_at", Kind.NONE, _HISTORY, FACT, OFFICE),
        Held("file_name author", Kind.BASIC, _HISTORY, END, OFFICE),
    ),
    "session": (
        Held("revision updated_at version_id", Kind.NONE, _TALK, END),
        Held("address_id person_id event_id", Kind.PSEUDONYM, _TALK, END),
        Held("step notes", Kind.SENSITIVE, _TALK, WORDS, HERSELF),
    ),
    "transcript": (
        Held("id at", Kind.NONE, _TALK, WORDS),
        Held("address_id", Kind.PSEUDONYM, _TALK, WORDS),
        Held("side key body", Kind.SENSITIVE, N_("shows her the conversation"), WORDS, HERSELF),
    ),
    "uploaded": (Held("account_id sha256 ref expires_at", Kind.NONE, _CONTENT),),
    "wrong_guess": (Held("id address_id card_id at", Kind.PSEUDONYM, _GUARD, END),),
    "zalo_template": (
        Held("event_id name account_id template refused refused_at", Kind.NONE, _CONTENT),
    ),
    "zalo_token": (
        Held(
            "account_id epoch expires_at stored_at refreshed_at lease leased_until "
            "consent_needed_at reason",
            Kind.NONE,
        ),
        Held("access refresh last_access last_refresh", Kind.SEALED),
    ),
}

# Every way out. A setting for a token or an address of somebody else without a line here fails.
OUTGOING = (
    Outgoing(
        "Telegram",
        "telegram_token",
        N_("what she writes and is answered there, names and rooms included"),
        N_("outside Viet Nam"),
    ),
    Outgoing(
        "Telegram Bot API",
        "telegram_api_url",
        N_("nothing of its own: where the line above sends to"),
        N_("where that server stands; the usual one outside Viet Nam"),
        needs="telegram_token",
    ),
    Outgoing(
        "Zalo",
        "zalo_api_url",
        N_("what she writes and is answered there, names and rooms included"),
        N_("in Viet Nam"),
        needs="zalo_app_id",
    ),
    Outgoing(
        "Zalo OAuth",
        "zalo_oauth_url",
        N_("nothing about people: the app's secret and the account's tokens"),
        N_("in Viet Nam"),
        needs="zalo_app_id",
    ),
    Outgoing(
        "Zalo ZBS",
        "zalo_business_url",
        N_("phone numbers, and what approved templates say to them"),
        N_("in Viet Nam"),
        needs="zalo_app_id",
    ),
    Outgoing(
        "PostgreSQL",
        "database_url",
        N_("everything on this map, when it is not on this machine"),
        N_("where the organisers put it"),
    ),
)
