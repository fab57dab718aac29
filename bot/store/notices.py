"""Notices: what was written, approved and frozen, before it becomes letters."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from bot.store.base import Json, UtcTime, metadata, primary, to_event

notice = Table(
    "notice",
    metadata,
    primary(),
    to_event(),
    Column("skeleton", Text, nullable=False, server_default=""),
    Column("fields", Json, nullable=False),
    Column("texts", Json, nullable=False),
    Column("audience", Json, nullable=False),
    Column("lane", Integer, nullable=False),
    Column("not_before", UtcTime),
    Column("expires_at", UtcTime),
    Column("quiet_hours", Text, nullable=False),
    Column("acknowledgement", Text, nullable=False),
    Column("on_unknown", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("cursor", BigInteger, nullable=False, server_default="0"),
    Column("author", Text, nullable=False),
    Column("approver", Text, nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("approved_at", UtcTime),
)
