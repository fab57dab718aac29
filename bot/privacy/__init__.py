"""Her rights and the organisers' duties: erase, stay erased, forget in time, answer in time.

forget(work, vault, person_id, ...)    # what the assistant itself keeps, at her own word
erase(work, vault, person_id, ...)     # everything of hers; the roster may not bring her back
copy_of(work, vault, event_id, person_id)  # everything of hers, for herself
purge_words(work, message_days)        # the tick's work
purge_people(work, vault, event)       # `donghanh privacy purge`
"""

from bot.privacy.breach import Breach, breach
from bot.privacy.erase import allow, erase, forget
from bot.privacy.limits import NOTIFY_WITHIN, answer_by, due_at
from bot.privacy.own_copy import Copy, as_json, as_text, copy_of, field_name, name_of_copy
from bot.privacy.purge import people_go_at, purge_people, purge_words, total, words_go_at
from bot.privacy.tombstones import keep_beside, reapply, written_in

__all__ = [
    "NOTIFY_WITHIN",
    "Breach",
    "Copy",
    "allow",
    "answer_by",
    "as_json",
    "as_text",
    "breach",
    "copy_of",
    "due_at",
    "erase",
    "field_name",
    "forget",
    "keep_beside",
    "name_of_copy",
    "people_go_at",
    "purge_people",
    "purge_words",
    "reapply",
    "total",
    "words_go_at",
    "written_in",
]
