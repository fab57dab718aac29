"""Files are checked before they leave and sent once; bodies are built as documented."""

import pytest

from bot.zalo import oa, shapes
from bot.zalo.uploads import KEPT_SECONDS
from tests.zalo.wire import Wire, said

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
UPLOADED = said({"error": 0, "data": {"attachment_id": "a1", "token": "t1"}})


class Time:
    def __init__(self) -> None:
        self.now = 1_795_900_000.0

    def __call__(self) -> float:
        return self.now


def client(wire: Wire, clock: Time | None = None) -> oa.Client:
    return oa.Client("1", "s", "at", transport=wire, clock=clock or Time())


async def test_the_same_bytes_are_sent_once_in_six_days() -> None:
    wire, clock = Wire(UPLOADED), Time()
    asking = client(wire, clock)
    first = await asking.upload_file(PNG, "image", "ban-do.png")
    assert await asking.upload_file(PNG, "image") == {
        **first,
        "message": "Success",
        "data": {"attachment_id": "a1"},
    }
    assert len(wire.requests) == 1
    clock.now += KEPT_SECONDS + 1
    await asking.upload_file(PNG, "image")
    assert len(wire.requests) == 2
    await asking.forget_upload(PNG, "image")
    await asking.upload_file(PNG, "image")
    assert len(wire.requests) == 3


@pytest.mark.parametrize(
    ("data", "kind", "part"),
    [
        (PNG, "image", b'filename="image.png"\r\nContent-Type: image/png'),
        (b"%PDF-1.7", "file", b'filename="file.pdf"\r\nContent-Type: application/pdf'),
        ("tên,phòng\n".encode(), "file", b'filename="file.csv"\r\nContent-Type: text/csv'),
        (b"GIF89a", "gif", b'filename="image.gif"\r\nContent-Type: image/gif'),
    ],
)
async def test_every_part_has_a_name(data: bytes, kind: str, part: bytes) -> None:
    wire = Wire(UPLOADED)
    await client(wire).upload_file(data, kind)
    assert b'name="file"; ' + part in wire.requests[0].content


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "video"),
        (b"", "image"),
        (PNG, "file"),
        (b"GIF89a", "image"),
        (b"%PDF-1.7", "image"),
        (b"<html>", "file"),
        (b"MZ\x00\xff", "file"),
        (PNG + b"0" * 1024 * 1024, "image"),
        (b"%PDF-" + b"0" * 5 * 1024 * 1024, "file"),
    ],
)
async def test_what_zalo_would_refuse_does_not_leave(data: bytes, kind: str) -> None:
    wire = Wire(UPLOADED)
    with pytest.raises(ValueError, match=r"^Invalid file"):
        await client(wire).upload_file(data, kind)
    assert wire.requests == []


def test_lengths_are_counted_in_composed_characters() -> None:
    spread = "e\u0302\u0301" * shapes.TEXT_LIMIT
    assert shapes.text(spread).toDict() == {"text": "ế" * shapes.TEXT_LIMIT}
    with pytest.raises(ValueError, match="2001 characters"):
        shapes.text("ế" * (shapes.TEXT_LIMIT + 1))


def test_every_kind_has_its_documented_body() -> None:
    media = {"type": "template", "payload": {"template_type": "media"}}

    def body(element: dict[str, object]) -> dict[str, object]:
        return {**media, "payload": {"template_type": "media", "elements": [element]}}

    assert shapes.text("a", "q").toDict() == {"text": "a", "quote_message_id": "q"}
    assert shapes.image(url="u", words="w").toDict() == {
        "text": "w",
        "attachment": body({"media_type": "image", "url": "u"}),
    }
    assert shapes.gif("g", 4, 3).toDict() == {
        "attachment": body({"media_type": "gif", "width": 4, "height": 3, "attachment_id": "g"})
    }
    assert shapes.sticker("s").toDict() == {
        "attachment": body({"media_type": "sticker", "attachment_id": "s"})
    }
    asked = [
        shapes.asks("Xem", "#dh:1"),
        shapes.asks("Xem", "#dh:1", shown=True),
        shapes.opens("Bản đồ", "https://example.org"),
        shapes.calls("Gọi", "84900000001"),
        shapes.writes_sms("Nhắn", "84900000001", "chào"),
    ]
    assert shapes.buttons("Chọn", asked).toDict() == {
        "text": "Chọn",
        "attachment": {"type": "template", "payload": {"buttons": asked}},
    }
    assert [one["type"].removeprefix("oa.") for one in asked] == [
        *("query.hide", "query.show", "open.url", "open.phone", "open.sms")
    ]


def test_what_does_not_fit_is_refused() -> None:
    tap = shapes.asks("a", "b")
    for wrong in (
        lambda: shapes.buttons("a", []),
        lambda: shapes.buttons("a", [tap] * 6),
        lambda: shapes.listing([{}] * 6),
        lambda: shapes.asks("a" * 101, "b"),
        lambda: shapes.asks("a", "b" * 1001),
        lambda: shapes.image(url="u", attachment_id="a"),
        lambda: shapes.request_user_info("t", "s" * 501, "u"),
    ):
        with pytest.raises(ValueError, match=r"^Invalid"):
            wrong()
