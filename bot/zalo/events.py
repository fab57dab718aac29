"""The names of Zalo's events as a table: our name, which way it went, whose ids stand where."""

from typing import NamedTuple

IN, OUT, RECEIPT = "in", "out", "receipt"


class Kind(NamedTuple):
    """One event. `people`: which side of the envelope is the person; `opens`: it is an interaction
    that opens her window of replies."""

    name: str
    direction: str | None
    people: str = ""
    opens: bool = False


UNKNOWN = Kind("unknown", None)

_ANONYMOUS = ("text", "image", "file", "sticker")
_MORE = ("gif", "link", "audio", "video", "location", "business_card")
_BODIES = (*_ANONYMOUS, *_MORE)
_ECHOES = (*_ANONYMOUS, "gif", "list", "template")

EVENTS: dict[str, Kind] = {
    **{f"user_send_{b}": Kind(f"message.{b}", IN, "sender", True) for b in _BODIES},
    **{f"oa_send_{b}": Kind(f"echo.{b}", OUT, "recipient") for b in _ECHOES},
    "user_received_message": Kind("receipt.delivered", RECEIPT, "recipient"),
    "user_seen_message": Kind("receipt.seen", RECEIPT, "recipient"),
    "user_reacted_message": Kind("user.reaction", IN, "sender"),
    "oa_reacted_message": Kind("echo.reaction", OUT, "recipient"),
    "follow": Kind("user.follow", IN, "follower", True),
    "unfollow": Kind("user.unfollow", IN, "follower"),
    "user_click_chatnow": Kind("user.chat_opened", IN, "user_id", True),
    "user_submit_info": Kind("user.info_submitted", IN, "sender"),
    "update_user_info": Kind("user.info_updated", IN, "sender"),
    "user_withdraw": Kind("user.withdrew", IN, "sender"),
    "add_user_to_tag": Kind("tag.added", None),
    "remove_user_from_tag": Kind("tag.removed", None),
    "remove_tag": Kind("tag.deleted", None),
    **{f"anonymous_send_{b}": Kind(f"anonymous.message.{b}", IN, "sender") for b in _ANONYMOUS},
    **{f"oa_send_anonymous_{b}": Kind(f"anonymous.echo.{b}", OUT, "recipient") for b in _ANONYMOUS},
    **{f"user_send_group_{b}": Kind(f"group.message.{b}", IN, "sender", True) for b in _BODIES},
    **{f"oa_send_group_{b}": Kind(f"group.echo.{b}", OUT) for b in _BODIES},
    "create_group": Kind("group.created", None),
    "user_join_group": Kind("group.joined", None),
    "user_request_join_group": Kind("group.asked", None),
    "accept_request_join_group": Kind("group.accepted", None),
    "reject_request_join_group": Kind("group.rejected", None),
    # Two readings of the same page differ in these names: both are known.
    "react_request_join_group_accept": Kind("group.accepted", None),
    "react_request_join_group_reject": Kind("group.rejected", None),
    "add_group_admin": Kind("group.admin_added", None),
    "remove_group_admin": Kind("group.admin_removed", None),
    "update_group_info": Kind("group.changed", None),
    "user_out_group": Kind("group.left", None),
    "user_leave_group": Kind("group.left", None),
    "delete_group": Kind("group.deleted", None),
    "oa_send_consent": Kind("call.consent_asked", OUT, "recipient"),
    "user_reply_consent": Kind("call.consent_answered", IN, "sender"),
    "user_call_oa": Kind("call.in", IN, "sender"),
    "oa_call_user": Kind("call.out", OUT, "recipient"),
    "change_template_status": Kind("template.status", None),
    "change_template_quality": Kind("template.quality", None),
    "change_oa_daily_quota": Kind("account.daily_quota", None),
    "change_oa_template_tags": Kind("account.template_tags", None),
    "user_feedback": Kind("template.feedback", IN, "sender"),
    "user_click_response_button": Kind("template.tapped", IN, "sender"),
    "widget_interaction_accepted": Kind("widget.accepted", None),
    "widget_failed_to_sync_user_external_id": Kind("widget.failed", None),
    "permission_revoked": Kind("account.permission_revoked", None),
    "extension_purchased": Kind("account.extension", None),
    "oa_callback_verify": Kind("account.callback_verified", None),
}


def kind_of(event_name: str) -> Kind:
    """Its row; a journey's steps share one, and what is not listed is kept and counted."""
    if event_name.startswith("event_journey_"):
        return Kind("template.journey", None)
    return EVENTS.get(event_name, UNKNOWN)
