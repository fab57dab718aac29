"""Recorded events are read as they should be; strangers, and bytes of no sense, are not events."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.zalo import WebhookEvent, webhook
from bot.zalo.signature import HEADER, mac_of, matching
from tests.zalo.vectors import ABSENT, FOLDER, told

TOLD = told("webhooks.json")
CASES = {case["id"]: case for case in TOLD["cases"]}
APP, KEY, ACCOUNT, HER = "1234567890", "OaSecretOfTests", "2981304786", "4572947693"
needs_data = pytest.mark.skipif(FOLDER is None, reason=ABSENT)


def read(case: dict[str, Any], *secrets: str) -> WebhookEvent | None:
    keys = secrets or (TOLD["oa_secret_key"],)
    body = case["body"].encode()
    return webhook.read(body, case["headers"], app_id=TOLD["app_id"], secrets=keys)


def signed(event: Mapping[str, Any], key: str = KEY) -> tuple[bytes, dict[str, str]]:
    """An event as Zalo would post it."""
    whole = {"app_id": APP, "timestamp": "1795900000001", **event}
    body = json.dumps(whole, ensure_ascii=False).encode()
    mac = mac_of(APP, body, str(whole["timestamp"]), key)
    return body, {"X-ZEvent-Signature": f"mac={mac}"}


def read_signed(event: Mapping[str, Any], **more: str) -> WebhookEvent:
    body, headers = signed(event)
    found = webhook.read(body, {**headers, **more}, app_id=APP, secrets=[KEY])
    assert found is not None
    return found


@needs_data
@pytest.mark.parametrize("name", CASES)
def test_recorded_events(name: str) -> None:
    case = CASES[name]
    wanted = dict(case["expect"])
    found = read(case)
    assert (found is not None) == wanted["accept"]
    if found is None:
        return
    attachments = wanted.pop("attachments", [])
    info = wanted.pop("info", {})
    for label in ("signature", "accept", "duplicate_of"):
        wanted.pop(label, None)
    ours = {name: getattr(found, name) for name in wanted}
    assert {**ours, "msg_ids": list(found.msg_ids)} == {"msg_ids": [], **wanted}
    assert {name: found.info[name] for name in info} == info
    for one, should in zip(found.attachments, attachments, strict=True):
        assert {name: getattr(one, name) for name in should} == should


@needs_data
def test_an_event_posted_again_has_the_same_key_and_no_other_has() -> None:
    keys: dict[str, str] = {}
    for name, case in CASES.items():
        found = read(case)
        if found is None:
            continue
        first = case["expect"].get("duplicate_of")
        assert keys.setdefault(found.key, name) == (first or name)


@needs_data
def test_either_key_may_sign_when_both_are_set() -> None:
    case = CASES["bad-app-secret"]
    assert read(case) is None
    found = read(case, TOLD["oa_secret_key"], TOLD["app_secret"])
    assert found is not None
    assert found.matched == 1


TEXT = {
    "event_name": "user_send_text",
    "sender": {"id": HER},
    "recipient": {"id": ACCOUNT},
    "message": {"text": "Xin chào", "msg_id": "m1"},
}


def test_the_proof_is_what_the_documentation_says() -> None:
    body = b'{"a": 1}'
    wanted = hashlib.sha256(APP.encode() + body + b"17" + KEY.encode()).hexdigest()
    assert mac_of(APP, body, "17", KEY) == wanted
    assert matching(f" MAC = {wanted.upper()} ", APP, body, "17", ["no", KEY]) == 1


def test_the_proof_may_begin_with_the_accounts_id_where_an_operator_says_so() -> None:
    body = b'{"app_id":"1","event_name":"follow","timestamp":"5","follower":{"id":"2"}}'
    headers = {HEADER: f"mac={mac_of('298', body, '5', 'key')}"}
    found = webhook.read(body, headers, app_id="1", secrets=["key"], first="298")
    assert found is not None
    assert found.user_id == "2"
    assert webhook.read(body, headers, app_id="1", secrets=["key"]) is None


def test_an_empty_key_signs_nothing() -> None:
    body, headers = signed(TEXT, key="")
    assert webhook.read(body, headers, app_id=APP, secrets=[""]) is None
    assert webhook.read(body, headers, app_id=APP, secrets=[]) is None


def test_an_event_of_another_app_is_not_ours() -> None:
    body, headers = signed({**TEXT, "app_id": "777"})
    assert webhook.read(body, headers, app_id=APP, secrets=[KEY]) is None


def test_header_names_come_in_any_case_and_as_bytes() -> None:
    body, headers = signed(TEXT)
    mac = headers["X-ZEvent-Signature"]
    pairs = [(b"host", b"x"), (b"x-zevent-signature", mac.encode())]
    for sent in ({"x-zevent-signature": mac}, pairs):
        found = webhook.read(body, sent, app_id=APP, secrets=[KEY])
        assert found is not None


@pytest.mark.parametrize("stamp", ["1795900000001", 1795900000001])
def test_a_timestamp_may_be_text_or_a_number(stamp: object) -> None:
    assert read_signed({**TEXT, "timestamp": stamp}).at == datetime(
        2026, 11, 28, 21, 6, 40, 1000, tzinfo=UTC
    )


def test_a_timestamp_with_a_fraction_is_signed_as_it_was_written() -> None:
    body = b'{"app_id": "1234567890", "event_name": "follow", "timestamp": 1.50}'
    headers = {"X-ZEvent-Signature": mac_of(APP, body, "1.50", KEY)}
    assert webhook.read(body, headers, app_id=APP, secrets=[KEY]) is not None


def test_what_no_database_takes_is_left_out() -> None:
    found = read_signed({**TEXT, "message": {"text": "a\x00b", "msg_id": "m"}})
    assert found.text == "ab"
    body = (
        b'{"app_id":"1234567890","timestamp":"1","event_name":"user_send_text",'
        b'"message":{"text":"x\\ud83d"}}'
    )
    headers = {"X-ZEvent-Signature": mac_of(APP, body, "1", KEY)}
    halved = webhook.read(body, headers, app_id=APP, secrets=[KEY])
    assert halved is not None
    assert halved.text == "x\ufffd"


def test_a_person_at_the_console() -> None:
    echo = {
        "event_name": "oa_send_text",
        "sender": {"id": ACCOUNT, "admin_id": "99"},
        "recipient": {"id": HER},
        "message": {"text": "Chào chị", "msg_id": "m2"},
    }
    found = read_signed(echo)
    assert (found.kind, found.by_admin, found.user_id) == ("echo.text", True, HER)


def test_a_receipt_of_a_template_by_phone_names_a_phone_and_no_user() -> None:
    receipt = {
        "event_name": "user_received_message",
        "sender": {"id": ACCOUNT},
        "recipient": {"id": "84900000001"},
        "message": {"msg_id": "z1", "delivery_time": "1795900000000", "tracking_id": "dh-1"},
    }
    found = read_signed(receipt, **{"X-ZEvent-Server": "ZNS"})
    assert (found.user_id, found.phone, found.tracking_id) == ("", "84900000001", "dh-1")


def test_two_reactions_to_one_message_are_two_events() -> None:
    def reacted(icon: str, stamp: str) -> str:
        said = {"msg_id": "m1", "react_icon": icon}
        event = {**TEXT, "event_name": "user_reacted_message", "message": said, "timestamp": stamp}
        return read_signed(event).key

    keys = [reacted("/-heart", "1"), reacted("/-strong", "2"), reacted("/-heart", "3")]
    assert len(set(keys)) == 3
    assert reacted("/-heart", "1") == keys[0]


def test_withdrawing_is_heard() -> None:
    found = read_signed({**TEXT, "event_name": "user_withdraw", "message": {}})
    assert (found.kind, found.user_id) == ("user.withdrew", HER)


def test_a_business_card_says_its_phone() -> None:
    card = {"description": '{"phone": "0900000002", "qrCodeUrl": ""}', "url": "https://zalo.me/x"}
    said = {"msg_id": "c", "attachments": [{"type": "link", "payload": card}]}
    found = read_signed({**TEXT, "event_name": "user_send_business_card", "message": said})
    assert found.attachments[0].phone == "0900000002"


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        ("http://f6.voice.talk.zdn.vn/1/a.amr", "https://f6.voice.talk.zdn.vn/1/a.amr"),
        ("http://f6.zdn.vn:8080/a", "https://f6.zdn.vn/a"),
        ("https://me@f6.zdn.vn/a", "https://f6.zdn.vn/a"),
        ("https://zdn.vn.evil.example/a", ""),
        ("https://evilzdn.vn/a", ""),
        ("file:///etc/passwd", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_only_what_lies_with_zalo_is_fetched(url: str, fetched: str) -> None:
    assert webhook.Attachment("audio", url=url).fetchable() == fetched


def test_retries_of_an_hour_are_no_replay() -> None:
    found = read_signed(TEXT)
    assert found.at is not None
    assert not found.is_replay(found.at + timedelta(hours=2))
    assert found.is_replay(found.at + timedelta(days=1))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    *("event_name", "sender", "recipient", "message", "timestamp", "oa_id", "user_id"),
    *("follower", "info", "source", "user_id_by_app", "attachments"),
)


@given(st.binary(), st.dictionaries(st.text(), st.text()), st.text())
def test_no_bytes_raise(body: bytes, headers: dict[str, str], mac: str) -> None:
    headers = {**headers, "X-ZEvent-Signature": mac}
    assert webhook.read(body, headers, app_id=APP, secrets=[KEY]) is None


@given(
    st.dictionaries(st.sampled_from(FIELDS), json_values),
    st.sampled_from(["user_send_text", "user_send_file", "follow", "user_seen_message", "x"]),
)
def test_no_signed_event_raises(event: dict[str, Any], name: str) -> None:
    told = {"app_id": APP, "event_name": name, **event}
    told["message"] = {"attachments": [{"type": 1, "payload": event}], "msg_ids": [event], **event}
    body = json.dumps(told).encode()
    stamp = json.loads(body, parse_float=str).get("timestamp")
    text = stamp if isinstance(stamp, str) else ""
    if isinstance(stamp, int) and not isinstance(stamp, bool):
        text = str(stamp)
    headers = {"X-ZEvent-Signature": mac_of(APP, body, text, KEY)}
    assert webhook.read(body, headers, app_id=APP, secrets=[KEY]) is not None
