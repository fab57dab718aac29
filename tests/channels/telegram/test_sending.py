"""Parts become requests the strict platform accepts, and show what they should."""

from dataclasses import replace
from datetime import date

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram import TelegramChannel
from bot.errors import Gone, Rejected
from bot.fit import Part, fit
from bot.media import sha256_of
from bot.store import Store, Work
from bot.values.delivery import Act, Delivery, Receipt
from bot.values.reply import Choice, MapPoint, Media, Phone, Reply
from tests.channels.telegram.conftest import CHAT, Inbox, Make
from tests.fakes.platform import FakeTelegram
from tests.fakes.telegram_faults import Trouble
from tests.fakes.telegram_html import parse

CONTROLS = (
    Choice("🔊 Nghe lại", "menu.again"),
    Choice("↩︎ Quay lại", "menu.back"),
    Choice("🙋 Gặp người hỗ trợ", "helper.start"),
)
CHOICES = (Choice("Xem phòng", "mine.room"), Choice("Xem xe", "mine.bus"))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
OGG = b"OggS" + bytes(40)
PDF = b"%PDF-1.7" + bytes(40)


def owed(act: Act = Act.SAY, **rest: str) -> Delivery:
    return Delivery(1, 1, 1, rest.pop("sender", str(CHAT)), Reply(""), act=act, **rest)  # type: ignore[arg-type]


async def test_a_text_with_its_signs_and_buttons(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    text = "Phòng của đại biểu: **Phòng 305**, tầng 3. Hỏi <lễ tân> & chờ."
    receipt = await channel.send(owed(), Part(0, text, CHOICES, CONTROLS))
    method, fields = fake.calls[-1]
    assert method == "sendmessage"
    assert fields == {
        "chat_id": CHAT,
        "text": "Phòng của đại biểu: <b>Phòng 305</b>, tầng 3. Hỏi &lt;lễ tân&gt; &amp; chờ.",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "Xem phòng", "callback_data": "mine.room"}],
                [{"text": "Xem xe", "callback_data": "mine.bus"}],
                [
                    {"text": "🔊 Nghe lại", "callback_data": "menu.again"},
                    {"text": "↩︎ Quay lại", "callback_data": "menu.back"},
                ],
                [{"text": "🙋 Gặp người hỗ trợ", "callback_data": "helper.start"}],
            ]
        },
    }
    sent = fake.journal[-1]
    assert sent.text == "Phòng của đại biểu: Phòng 305, tầng 3. Hỏi <lễ tân> & chờ."
    assert receipt == Receipt(str(sent.message_id))


@pytest.mark.parametrize(
    "text",
    [
        "a < b && c > d",
        "</b>",
        "**<i>**",
        "&lt;b&gt;",
        "** ** x ****",
        "**Hội trường A**\n**Cửa 2**",
        "“Nghỉ” – 5 < 6 \U0001f64b",
    ],
)
async def test_no_text_of_ours_breaks_the_markup(
    fake: FakeTelegram, channel: TelegramChannel, text: str
) -> None:
    await channel.send(owed(), Part(0, text))
    assert len(fake.calls) == 2  # getMe, and no second try
    visible, _ = parse(fake.calls[-1][1]["text"])
    assert visible == text.replace("**", "") or "****" in text


async def test_markup_the_platform_refuses_goes_out_plain_once(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    fake.faults.refuse(400, "Bad Request: can't parse entities: Unsupported start tag")
    with capture_logs() as logs:
        await channel.send(owed(), Part(0, "Phòng **305** & <vườn>"))
    assert [sent.text for sent in fake.journal] == ["Phòng 305 & <vườn>"]
    assert "parse_mode" not in fake.calls[-1][1]
    assert [line["event"] for line in logs] == ["markup refused"]


async def test_a_place_is_a_venue(fake: FakeTelegram, channel: TelegramChannel) -> None:
    point = MapPoint(21.0056, 105.7823, "Khách sạn Hoa Sen", "Cổng phụ, sau bến xe")
    await channel.send(owed(), Part(0, point=point))
    await channel.send(owed(), Part(0, point=replace(point, note="")))
    assert fake.calls[-2] == (
        "sendvenue",
        {
            "chat_id": CHAT,
            "latitude": 21.0056,
            "longitude": 105.7823,
            "title": "Khách sạn Hoa Sen",
            "address": "Cổng phụ, sau bến xe",
        },
    )
    assert fake.calls[-1][1]["address"] == "Khách sạn Hoa Sen"


async def test_a_number_to_ring_is_a_contact_and_a_short_one_stays_words(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    medics, state = Phone("Phòng y tế", "0900 000 115"), Phone("Cấp cứu", "115")
    parts = fit(Reply("Mời đại biểu gọi ngay.", phones=(medics, state)), channel.capabilities)
    for part in parts:
        await channel.send(owed(), part)
    assert [method for method, _ in fake.calls[-2:]] == ["sendcontact", "sendmessage"]
    assert fake.calls[-2][1] == {
        "chat_id": CHAT,
        "phone_number": "0900 000 115",
        "first_name": "Phòng y tế",
    }


async def _kept(store: Store, name: str, kind: str, mime: str, body: bytes) -> Media:
    """Media of a congress, on the shelf."""
    sha256 = sha256_of(body)

    def keep(work: Work) -> None:
        event = work.events.by_slug("sample") or work.events.add(
            "sample",
            names={"vi": "Đại hội Mẫu"},
            time_zone="Asia/Ho_Chi_Minh",
            first_day=date(2027, 1, 18),
            days=5,
        )
        work.contents.keep_media(event.id, name, sha256, mime, body)

    await store.write(keep)
    return Media(kind, sha256, name, "…")


async def test_pictures_to_choose_from_are_photos_each_with_its_sign(
    fake: FakeTelegram, channel: TelegramChannel, sqlite_store: Store
) -> None:
    shown = [
        replace(
            await _kept(sqlite_store, f"{slug}.png", "picture", "image/png", PNG + slug.encode()),
            caption=f"{number}. **{sign}**. Mũi tên chỉ {slug}.",
        )
        for number, slug, sign in ((1, "cay-da", "Cây đa cổ thụ"), (2, "nha-san", "Nhà sàn"))
    ]
    said = Reply("Đại biểu nhìn thấy nơi nào?", CHOICES, tuple(shown), controls=CONTROLS)
    for part in fit(said, channel.capabilities):
        await channel.send(owed(), part)
    sent = fake.calls[-3:]
    assert [method for method, _ in sent] == ["sendphoto", "sendphoto", "sendmessage"]
    assert sent[0][1]["caption"] == "1. <b>Cây đa cổ thụ</b>. Mũi tên chỉ cay-da."


async def test_a_picture_is_uploaded_once_and_known_by_its_id_after(
    fake: FakeTelegram, channel: TelegramChannel, make: Make, inbox: Inbox, sqlite_store: Store
) -> None:
    picture = await _kept(sqlite_store, "places/Cổng “A”; tầng 1.png", "picture", "image/png", PNG)
    part = Part(0, "Cửa **số 2** & thang máy", CHOICES, CONTROLS, (picture,))
    await channel.send(owed(), part)
    await channel.send(owed(), part)
    reborn = make()
    await reborn.open(inbox.accept)
    await reborn.send(owed(), part)
    await reborn.close()
    sends = [fields for method, fields in fake.calls if method == "sendphoto"]
    assert fake.world.uploads == 1
    assert sends[0]["photo"].name == "Cổng “A”_ tầng 1.png"
    assert sends[0]["photo"].mime == "image/png"
    assert sends[1]["photo"] == sends[2]["photo"] == fake.journal[0].file_id
    assert [sent.text for sent in fake.journal] == ["Cửa số 2 & thang máy"] * 3
    assert fake.journal[0].buttons == fake.journal[2].buttons


async def test_an_id_the_platform_forgot_is_uploaded_again(
    fake: FakeTelegram, channel: TelegramChannel, sqlite_store: Store
) -> None:
    picture = await _kept(sqlite_store, "so-do.png", "picture", "image/png", PNG)
    await channel.send(owed(), Part(0, media=(picture,)))
    fake.world.files.clear()
    await channel.send(owed(), Part(0, media=(picture,)))
    fake.updates.chats.add(CHAT + 1)
    await channel.send(owed(sender=str(CHAT + 1)), Part(0, media=(picture,)))
    assert fake.world.uploads == 2
    assert len(fake.journal) == 3


async def test_a_clip_is_a_voice_note_and_a_paper_stays_in_the_chat(
    fake: FakeTelegram, channel: TelegramChannel, sqlite_store: Store
) -> None:
    clip = await _kept(sqlite_store, "loi-chao", "audio", "audio/ogg", OGG)
    paper = await _kept(sqlite_store, "Quy chế làm việc.pdf", "file", "application/pdf", PDF)
    await channel.send(owed(), Part(0, "Lời chào", media=(clip,)))
    await channel.send(owed(), Part(0, "Quy chế", media=(paper,)))
    shown = list(fake.world.shown.values())
    assert [(one.method, one.file_name, one.protected) for one in shown] == [
        ("sendvoice", "loi-chao.oga", False),
        ("senddocument", "Quy chế làm việc.pdf", True),
    ]


async def test_media_that_is_nowhere_is_our_fault(channel: TelegramChannel) -> None:
    with pytest.raises(Rejected) as caught:
        await channel.send(owed(), Part(0, media=(Media("picture", "00", "a", "b"),)))
    assert caught.value.code == "media_missing"


async def test_a_tap_is_answered_and_an_old_one_is_done_with(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    tap_id = fake.tap(CHAT, "mine.room")["callback_query"]["id"]
    answer = owed(Act.ANSWER_TAP, acts_on=tap_id)
    assert await channel.send(answer, Part(0, "")) == Receipt(tap_id)
    assert await channel.send(answer, Part(0, "")) == Receipt(tap_id)
    other = fake.tap(CHAT, "mine.room")["callback_query"]["id"]
    await channel.send(owed(Act.ANSWER_TAP, acts_on=other), Part(0, "**Đã ghi** " * 40))
    assert fake.world.answered[tap_id] == ""
    assert fake.world.answered[other].startswith("Đã ghi Đã ghi")


async def test_edits_withdrawals_and_reactions(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    said = (await channel.send(owed(), Part(0, "Phòng 305", CHOICES))).message_id
    edit = owed(Act.EDIT, acts_on=said)
    assert await channel.send(edit, Part(0, "Phòng **306**")) == Receipt(said)
    assert await channel.send(edit, Part(0, "Phòng **306**")) == Receipt(said)
    shown = fake.world.shown[CHAT, int(said)]
    assert (shown.text, shown.rows) == ("Phòng 306", [])
    await channel.send(owed(Act.REACT, acts_on=said), Part(0, "👍"))
    assert shown.reaction == "👍"
    withdraw = owed(Act.WITHDRAW, acts_on=said)
    assert await channel.send(withdraw, Part(0)) == Receipt(said)
    assert await channel.send(withdraw, Part(0)) == Receipt(said)
    assert shown.gone


async def test_words_under_a_file_are_edited_and_the_file_stays(
    fake: FakeTelegram, channel: TelegramChannel, sqlite_store: Store
) -> None:
    paper = await _kept(sqlite_store, "quy-che.pdf", "file", "application/pdf", PDF)
    said = (await channel.send(owed(), Part(0, "Bản 1", CHOICES, (), (paper,)))).message_id
    edit = owed(Act.EDIT, acts_on=said)
    for _ in range(2):
        assert await channel.send(edit, Part(0, "Bản 1 **đã thay**", CHOICES[:1])) == Receipt(said)
    shown = fake.world.shown[CHAT, int(said)]
    assert (shown.text, shown.file_name) == ("Bản 1 đã thay", "quy-che.pdf")
    assert shown.rows == [[{"text": "Xem phòng", "callback_data": "mine.room"}]]


async def test_what_she_deleted_is_not_edited(fake: FakeTelegram, channel: TelegramChannel) -> None:
    with pytest.raises(Rejected) as caught:
        await channel.send(owed(Act.EDIT, acts_on="77"), Part(0, "Phòng 306"))
    assert caught.value.code == "message_gone"


async def test_a_chat_has_a_menu_of_its_own_until_it_is_taken_away(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    commands = (Choice("Về thực đơn", "menu"), Choice("🌐 Đổi ngôn ngữ", "language"))
    assert await channel.send(owed(Act.MENU), Part(0, choices=commands)) == Receipt("")
    assert fake.world.menus == {
        CHAT: [
            {"command": "menu", "description": "Về thực đơn"},
            {"command": "language", "description": "🌐 Đổi ngôn ngữ"},
        ]
    }
    await channel.send(owed(Act.MENU), Part(0))
    assert (fake.world.menus, fake.world.commands) == ({}, {})


async def test_nothing_to_say_says_nothing(fake: FakeTelegram, channel: TelegramChannel) -> None:
    assert await channel.send(owed(), Part(0, "")) == Receipt("")
    assert fake.journal == []


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (Part(0, "", CHOICES), "empty"),
        (Part(0, "Chọn", (Choice("A", ""),)), "bad_choice"),
        (Part(0, "Chọn", (Choice("A", "đ" * 33),)), "bad_choice"),
        (Part(0, "x" * 4097), "too_long"),
        (Part(0, "\U0001f64b" * 2049), "too_long"),
    ],
)
async def test_what_cannot_be_sent_is_refused_before_it_leaves(
    fake: FakeTelegram, channel: TelegramChannel, part: Part, code: str
) -> None:
    with pytest.raises(Rejected) as caught:
        await channel.send(owed(), part)
    assert caught.value.code == code
    assert [method for method, _ in fake.calls] == ["getme"]


@pytest.mark.parametrize(("sender", "act"), [("", Act.SAY), ("@lan", Act.SAY), ("5", Act.EDIT)])
async def test_addresses_that_are_no_numbers_are_ours_to_mend(
    channel: TelegramChannel, sender: str, act: Act
) -> None:
    with pytest.raises(Rejected):
        await channel.send(owed(act, sender=sender, acts_on="x"), Part(0, "Xin chào"))


@pytest.mark.parametrize(
    "unit",
    [
        "Mời đại biểu vào hội trường. ",
        "សូមអញ្ជើញប្រតិភូចូលក្នុងសាលប្រជុំ។ ",
        "ស្ត្រី្គ្រ្ម ",
        "Thov txais tos. ",
        "\U0001f64b\U0001f1fb\U0001f1f3 ",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    ],
)
async def test_the_longest_fitted_text_passes_in_every_script(
    make: Make, inbox: Inbox, fake: FakeTelegram, unit: str
) -> None:
    channel = make()
    await channel.open(inbox.accept)
    fake.world.everybody = True
    reply = Reply(unit * (3200 // len(unit)), CHOICES, controls=CONTROLS)
    for number, part in enumerate(fit(reply, channel.capabilities)):
        await channel.send(owed(sender=str(CHAT + number)), part)
    await channel.close()
    assert "".join("".join(sent.text.split()) for sent in fake.journal) == "".join(
        reply.text.split()
    )


async def test_a_blocked_person_is_gone_until_she_is_back(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    fake.faults.then(Trouble.BLOCKED)
    with pytest.raises(Gone):
        await channel.send(owed(), Part(0, "Xin chào"))
    fake.unblock(CHAT)
    await channel.send(owed(), Part(0, "Xin chào"))
    assert len(fake.journal) == 1
