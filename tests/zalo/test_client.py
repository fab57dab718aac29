"""What the client does better than the SDK it is named after: tokens, failures, secrets."""

import asyncio
import logging
import os
import time
import traceback
from typing import Any

import httpx
import pytest

from bot.zalo import (
    ZaloAttachmentFile,
    ZaloAttachmentTemplate,
    ZaloConsentException,
    ZaloException,
    ZaloHTTPException,
    ZaloNoAnswerException,
    ZaloNoTokensException,
    ZaloNotSentException,
    ZaloOAAuthTokenExpiredException,
    ZaloOAException,
    ZaloOAuthException,
    ZaloTemplateElement,
    oa,
    proof_of,
    zns,
)
from tests.zalo.wire import EXPIRED, OK, PAIR, SECRETS, Wire, said

HER = {"user_id": "4572947693"}
WORDS = {"text": "Xin chào"}
SEND, OAUTH = "/v3.0/oa/message/cs", "/v4/oa/access_token"


def client(wire: Wire, **more: Any) -> oa.Client:
    given = {"access_token": "at-old", "refresh_token": "rt-old", **more}
    return oa.Client("123", "AppSecretOfTests", transport=wire, **given)


@pytest.mark.parametrize("body", [EXPIRED, {"error": -220, "message": "removed"}, {"error": -216}])
async def test_a_dead_token_is_renewed_once_and_the_call_made_again(body: dict[str, Any]) -> None:
    wire = Wire(said(body), said(PAIR), said(OK))
    asking = client(wire)
    assert await asking.send_message(HER, WORDS) == OK
    assert wire.paths == [SEND, OAUTH, SEND]
    assert wire.tokens == ["at-old", "", "at-new"]
    assert (asking.access_token, asking.refresh_token) == ("at-new", "rt-new")


async def test_a_token_that_is_dead_again_is_told_not_renewed_for_ever() -> None:
    wire = Wire(said(EXPIRED), said(PAIR), said(EXPIRED))
    with pytest.raises(ZaloOAAuthTokenExpiredException):
        await client(wire).send_message(HER, WORDS)
    assert wire.paths == [SEND, OAUTH, SEND]


async def test_a_refused_refresh_keeps_the_pair_and_says_why() -> None:
    refusal = {"error": -14020, "error_name": "Refresh token used", "error_reason": "r"}
    asking = client(Wire(said(EXPIRED), said(refusal)))
    with pytest.raises(ZaloOAAuthTokenExpiredException) as caught:
        await asking.send_message(HER, WORDS)
    why = caught.value.refresh_failure
    assert isinstance(why, ZaloOAuthException)
    assert (why.code, why.error_name, why.error_reason) == (-14020, "Refresh token used", "r")
    assert (asking.access_token, asking.refresh_token) == ("at-old", "rt-old")


@pytest.mark.parametrize("half", ["access_token", "refresh_token"])
async def test_half_a_pair_is_a_refusal_whatever_else_it_says(half: str) -> None:
    asking = client(Wire(said({half: "x", "expires_in": 90000, "error": 0})))
    with pytest.raises(ZaloNoTokensException, match="not found in the response"):
        await asking.refresh_access_token()
    assert (asking.access_token, asking.refresh_token) == ("at-old", "rt-old")


async def test_many_calls_with_one_dead_token_cost_one_refresh() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == OAUTH:
            return said(PAIR)
        return said(OK if request.headers["access_token"] == "at-new" else EXPIRED)

    wire = Wire(answer)
    asking = client(wire)
    await asyncio.gather(*(asking.send_message(HER, WORDS) for _ in range(8)))
    assert wire.paths.count(OAUTH) == 1


async def test_a_token_that_ended_is_renewed_before_it_is_used() -> None:
    wire = Wire(said(PAIR), said(OK))
    await client(wire, expire_at=time.time() - 3600).send_message(HER, WORDS)
    assert wire.paths == [OAUTH, SEND]


def test_a_token_dead_for_an_hour_is_dead_in_ho_chi_minh_city_too() -> None:
    before = os.environ.get("TZ")
    try:
        for zone in ("Asia/Ho_Chi_Minh", "America/Lima", "UTC"):
            os.environ["TZ"] = zone
            time.tzset()
            assert client(Wire(said(OK)), expire_at=time.time() - 3600).isAccessTokenExpired()
            assert not client(Wire(said(OK)), expire_at=time.time() + 3600).isAccessTokenExpired()
    finally:
        os.environ.pop("TZ", None) if before is None else os.environ.update(TZ=before)
        time.tzset()


async def test_a_source_of_tokens_is_asked_with_the_one_that_failed() -> None:
    asked: list[str] = []

    async def source(failed: str) -> tuple[str, str, int]:
        asked.append(failed)
        return "at-new", "", int(time.time()) + 90_000

    wire = Wire(said(EXPIRED), said(OK))
    assert await client(wire, refresh_token="", token_source=source).send_message(HER, WORDS) == OK
    first = Wire(said(OK))
    await client(first, access_token="", token_source=source).send_message(HER, WORDS)
    assert (asked, wire.paths, first.tokens) == (["at-old", ""], [SEND, SEND], ["at-new"])


async def test_a_source_that_refuses_says_so_itself() -> None:
    async def source(_: str) -> tuple[str, str, int]:
        raise ZaloConsentException(None, "needs consent")

    with pytest.raises(ZaloConsentException):
        await client(Wire(said(EXPIRED)), token_source=source).send_message(HER, WORDS)


async def test_blocked_is_not_expired() -> None:
    with pytest.raises(ZaloOAException) as caught:
        await client(Wire(said({"error": -216, "message": "User blocked OA"}))).get_oa()
    assert not isinstance(caught.value, ZaloOAAuthTokenExpiredException)


async def test_the_business_host_has_its_own_number_for_a_dead_token() -> None:
    wire = Wire(said({"error": -124}), said(PAIR), said(OK))
    asking = zns.Client("123", "AppSecretOfTests", "at-old", "rt-old", transport=wire)
    assert await asking.send_zns_message("84900000001", "t", {"a": 1}, dev_mode=True) == OK
    assert b'"mode": "development"' in wire.requests[-1].content
    again = Wire(said({"error": -118, "message": "no account"}))
    with pytest.raises(ZaloException) as caught:
        await zns.Client("1", "s", "at", transport=again).get_quota()
    assert str(caught.value) == "Zalo error (-118): no account"
    assert not isinstance(caught.value, ZaloOAException)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (said("<html>502</html>", 502), ZaloHTTPException),
        (said("<html>maintenance</html>"), ZaloHTTPException),
        (said("[]"), ZaloHTTPException),
        (said({"data": {}}), ZaloHTTPException),
        (said({"error": -230, "message": "m"}, 400), ZaloOAException),
        (httpx.ConnectError("x"), ZaloNotSentException),
        (httpx.ConnectTimeout("x"), ZaloNotSentException),
        (httpx.ReadTimeout("x"), ZaloNoAnswerException),
        (httpx.RemoteProtocolError("x"), ZaloNoAnswerException),
    ],
)
async def test_every_failure_is_of_the_family(reply: Any, kind: type[ZaloException]) -> None:
    wire = Wire(reply)
    with pytest.raises(kind):
        await client(wire).send_message(HER, WORDS)
    assert wire.paths == [SEND], "nothing that may have been done is done twice by itself"


async def test_reading_is_tried_once_more() -> None:
    wire = Wire(httpx.RemoteProtocolError("gone"), said(OK))
    assert await client(wire).get_user_detail("1") == OK


@pytest.mark.parametrize(
    "reply",
    [
        said({"error": -216, "message": "token at-old of AppSecretOfTests with rt-old"}),
        said("<html>at-old AppSecretOfTests</html>", 502),
        httpx.ReadTimeout("at-old", request=httpx.Request("POST", "https://x", headers={"a": "b"})),
        said({"error_name": "rt-old is used", "message": "AppSecretOfTests"}),
    ],
)
async def test_nothing_secret_is_told(reply: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for call in ("get_oa", "refresh_access_token"):
        with pytest.raises(ZaloException) as caught:
            await getattr(client(Wire(reply)), call)()
        error: ZaloException | None = caught.value
        while isinstance(error, ZaloException):
            told = [str(error), repr(error), error.body, *traceback.format_exception(error)]
            assert [secret for secret in SECRETS for text in told if secret in text] == []
            error = getattr(error, "refresh_failure", None)
        assert not isinstance(caught.value.__context__, httpx.HTTPError)
    assert [s for s in SECRETS if s in caplog.text] == []


async def test_proof_of_the_secret_when_the_app_asks_for_it() -> None:
    wire = Wire(said(OK))
    await client(wire, appsecret_proof=True).get_oa()
    assert wire.requests[0].headers["appsecret_proof"] == proof_of("at-old", "AppSecretOfTests")


async def test_how_much_is_left_is_kept() -> None:
    rates = {"X-RateLimit-Limit": "4000", "X-RateLimit-Remain": "3999"}
    asking = client(Wire(said(OK, headers=rates)))
    await asking.get_oa()
    assert (asking.rate_limit, asking.rate_remaining) == (4000, 3999)


async def test_wrong_words_are_refused_before_anything_is_sent() -> None:
    wire = Wire(said(OK))
    asking = client(wire)
    with pytest.raises(ValueError, match=r"^Invalid message category provided\.$"):
        await asking.send_message(HER, WORDS, category="spam")
    with pytest.raises(ValueError, match="upload_file"):
        await asking.send_message(HER, WORDS, files={"file": b""})
    with pytest.raises(ValueError, match=r"^Invalid quota_owner: me. Valid values are: OA, App$"):
        await asking.get_zalo_oa_quotas("me")
    assert wire.requests == []


def test_both_spellings_are_the_same() -> None:
    kind = oa.Client
    assert kind.refresh_acccess_token is kind.refresh_access_token
    assert kind.request_authoriation_code_url is kind.request_authorization_code_url


def test_templates_have_their_wrapper(capsys: pytest.CaptureFixture[str]) -> None:
    element = ZaloTemplateElement(media_type="image", url="https://example.org/a.png")
    tap = {"title": "Xem", "type": "oa.query.hide", "payload": "#a"}
    assert ZaloAttachmentTemplate("media", [element], [tap]).toDict() == {
        "type": "template",
        "payload": {
            "template_type": "media",
            "elements": [{"media_type": "image", "url": "https://example.org/a.png"}],
            "buttons": [tap],
        },
    }
    assert ZaloAttachmentFile("t").toDict() == {"type": "file", "payload": {"token": "t"}}
    assert capsys.readouterr().out == ""


def test_names_stand_where_the_sdk_has_them() -> None:
    recipient, body = oa.ZaloRecipient(user_id="1"), oa.ZaloMessageBody("a")
    whole = {"recipient": {"user_id": "1"}, "message": {"text": "a"}}
    assert oa.ZaloMessage(recipient, body).toDict() == whole
    assert client(Wire(said(OK))).create_request_body(recipient, body) == whole
    assert [one.name for one in oa.ZaloTemplateType] == ["media", "list", "request_user_info"]
    assert [one.name for one in oa.ZaloPayloadType] == ["file", "template"]
    assert zns.ZNSTemplateStatus.Reject.value == 3
    asking = client(Wire(said(OK)), endpoint_prefix="https://x.example/", expire_at=0)
    assert (asking.endpoint_prefix, asking.isAccessTokenExpired()) == ("https://x.example", False)
    asking.access_token, asking.refresh_token = "a", "r"
    assert (asking.access_token, asking.refresh_token) == ("a", "r")
    assert str(ZaloOAException(-220, "removed")) == "Zalo OA error (-220) [Unknown error]: removed"


def test_headers_given_are_nobody_elses() -> None:
    asking = client(Wire(said(OK)))
    asking.create_request_header("POST", {"x": "1"})
    assert "x" not in asking.create_request_header("POST")
