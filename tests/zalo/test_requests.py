"""The client sends what the SDKs send, and ends as they end: recorded requests, one by one."""

import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from dirty_equals import IsApprox

from bot.zalo import ZaloException, challenge_of, errors, oa, shapes
from tests.zalo.vectors import ABSENT, CLIENTS, FOLDER, Recorder, expected, made, seen, told

pytestmark = pytest.mark.skipif(FOLDER is None, reason=ABSENT)

CASES = {case["id"]: case for case in told("requests.json")["cases"]}
OURS = [name for name, case in CASES.items() if case["client"] is not None]
BY_INTENT = [n for n, case in CASES.items() if case["client"] is None and n.startswith("php-")]
# Written in the style of 2021, kept to show the difference: its token stands in the address.
LEFT_OUT = [name for name in CASES if name.startswith("node-")]


def test_every_case_is_looked_at() -> None:
    assert sorted([*OURS, *BY_INTENT, *LEFT_OUT]) == sorted(CASES)


def client_of(case: dict[str, Any], transport: Recorder) -> Any:
    kind = CLIENTS[case["client"]["class"].split(".")[1]]
    return kind(**case["client"]["kwargs"], transport=transport)


async def called(client: Any, call: dict[str, Any]) -> Any:
    result = getattr(client, call["method"])(*made(call["args"]), **made(call["kwargs"]))
    return result if isinstance(result, str) else await result


@pytest.mark.parametrize("name", [name for name in OURS if CASES[name]["status"] != "superset"])
async def test_python_sdk(name: str) -> None:
    case = CASES[name]
    transport = Recorder(case["response"])
    client = client_of(case, transport)
    if "raises" in case["outcome"]:
        with pytest.raises(ZaloException) as caught:
            await called(client, case["call"])
        assert outcome_of(caught.value) == raised(case["outcome"]["raises"])
    else:
        assert same(await called(client, case["call"]), case["outcome"]["returns"])
    if case["request"] is None:
        assert transport.requests == []
    else:
        assert seen(transport.requests[0], case["request"]) == expected(case["request"])
    for attribute, value in (case.get("client_after") or {}).items():
        assert getattr(client, attribute) == value


def raised(wanted: dict[str, Any]) -> dict[str, Any]:
    kind = getattr(errors, wanted["type"].rsplit(".", 1)[1])
    return {"is": kind, **{key: wanted[key] for key in ("str", "code", "custom_message")}}


def outcome_of(error: ZaloException) -> dict[str, Any]:
    family = (
        errors.ZaloOAAuthTokenExpiredException,
        errors.ZaloOAException,
        errors.ZaloException,
    )
    return {
        "is": next(kind for kind in family if isinstance(error, kind)),
        "str": str(error),
        "code": error.code,
        "custom_message": error.custom_message,
    }


def same(ours: Any, theirs: Any) -> bool:
    match theirs:
        case str() if theirs.startswith("https://"):
            one, other = urlsplit(ours), urlsplit(theirs)
            return (one[:3], sorted(parse_qsl(one.query))) == (
                other[:3],
                sorted(parse_qsl(other.query)),
            )
        case [str(), str(), {"$epoch_now_plus": seconds}]:
            access, refresh, expire_at = ours
            soon = IsApprox(time.time() + seconds, delta=5)
            return [access, refresh] == theirs[:2] and bool(expire_at == soon)
        case _:
            return bool(ours == theirs)


async def test_a_gif_is_taken() -> None:
    case = CASES["py-upload-gif-rejected"]
    transport = Recorder({"status": 200, "body": '{"error":0,"data":{"attachment_id":"g1"}}'})
    answer = await called(client_of(case, transport), case["call"])
    assert answer["data"] == {"attachment_id": "g1"}
    assert [request.url.path for request in transport.requests] == ["/v2.0/oa/upload/gif"]


async def test_an_html_page_is_of_the_family() -> None:
    case = CASES["py-err-http-500"]
    with pytest.raises(errors.ZaloHTTPException) as caught:
        await called(client_of(case, Recorder(case["response"])), case["call"])
    assert (caught.value.code, str(caught.value)) == (500, "Zalo error (500): HTTP Error 500")
    assert caught.value.body == "<html>bad gateway</html>"


def client_for(transport: httpx.AsyncBaseTransport) -> oa.Client:
    keywords = CASES["py-send-text"]["client"]["kwargs"]
    return oa.Client(**keywords, transport=transport)


async def by_intent(client: oa.Client, case: dict[str, Any]) -> Any:
    """What the vendor's own SDK was asked for, asked of ours."""
    asked, wanted = case["intent"], case["request"]
    to = {"user_id": asked.get("user_id", "")}
    match asked["op"]:
        case "send_text":
            return await client.send_message(to, shapes.text(asked["text"]))
        case "send_image":
            body = shapes.image(attachment_id=asked["attachment_id"], words=asked["text"])
            return await client.send_message(to, body)
        case "send_file":
            return await client.send_message(to, shapes.file(asked["token"]))
        case "send_message":
            told = wanted["body"]["json"]
            return await client.send_message(
                told["recipient"], told["message"], category=asked["category"]
            )
        case "get_profile":
            return await client.get_profile(asked["user_id"])
        case "list_recent_chat":
            return await client.list_recent_chat(asked["offset"], asked["count"])
        case "tag":
            return await client.tag_follower(asked["user_id"], asked["tag"])
        case "upload_image":
            picture = made({"$bytes_b64": wanted["body"]["parts"][1]["content_b64"]})
            return await client.upload_file(picture, "image", asked["file_name"])
        case "refresh_token":
            return await client.refresh_access_token()
        case "authorize_url":
            return client.request_authorization_code_url(
                asked["redirect_uri"], asked["code_challenge"], asked["state"]
            )
        case "pkce_challenge":
            return challenge_of(asked["code_verifier"])
    raise AssertionError(f"nobody knows how to ask for {asked['op']}")


# What a case's own notes allow us to leave out.
ALLOWED: dict[str, Any] = {
    "php-cs-text": lambda body: body["json"]["message"].pop("quote_message_id"),
    "php-cs-image-attachment": lambda body: [
        body["json"]["message"]["attachment"]["payload"]["elements"][0].pop(side)
        for side in ("width", "height")
    ],
    "php-upload-image": lambda body: body["parts"].pop(0),
}


@pytest.mark.parametrize("name", BY_INTENT)
async def test_vendor_sdk(name: str) -> None:
    case = CASES[name]
    granted = {"access_token": "at-EXAMPLE-0002", "refresh_token": "rt-EXAMPLE-0002"}
    body = str(granted).replace("'", '"') if case["intent"]["op"] == "refresh_token" else None
    transport = Recorder({"status": 200, "body": body} if body else None)
    result = await by_intent(client_for(transport), case)
    wanted = case["request"]
    if wanted is None:
        assert same(result, case["outcome"]["returns"])
        return
    should = expected(wanted)
    if name in ALLOWED:
        ALLOWED[name](should["body"])
    assert [seen(request, wanted) for request in transport.requests] == [should]
