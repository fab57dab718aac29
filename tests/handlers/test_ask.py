"""A free question: what is answered, what is only suggested, and when a person comes."""

from bot.values.incoming import Kind
from tests.handlers.chats import Chat


async def guest(chat: Chat) -> Chat:
    await chat.join()
    await chat.say("1")
    return chat


async def questions(chat: Chat) -> int:
    """How many questions were kept for the organisers."""
    rows = await chat.store.read(
        lambda work: work.questions.conn.exec_driver_sql("SELECT count(*) FROM question").scalar()
    )
    return int(rows or 0)


async def test_a_sure_answer_with_its_source_and_time(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.say("mat khau wifi la gi")
    assert said.text.split("\n") == [
        "Tên mạng không dây (Wi-Fi): DaiHoiMau. Mật khẩu in ở mặt sau thẻ đại biểu. "
        "Chưa vào được mạng, mời gọi 0900 000 104.",
        "(Nguồn: Tiểu ban Kỹ thuật, Ban Tổ chức, cập nhật 14:00 ngày 17/11)",
    ]
    assert [one.name for one in said.media] == ["ban-thiet-bi.png"]


async def test_a_personal_question_goes_to_her_own_record(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.say("tôi ở phòng nào")
    assert said.text.startswith("Phòng của đại biểu: **305**")
    (menu,) = await chat.say("quay lại")
    assert menu.text.startswith("Kính chào bà")


async def test_slots_come_from_her_record_or_are_said_to_be_missing(chat: Chat) -> None:
    await chat.linked()
    answers = chat.library.answers.values()
    with_hotel = [one.id for one in answers if "{hotel}" in one.by_language["vi"].text]
    (said,) = await chat.tap(f"ask.answer:{with_hotel[0]}")
    assert "KS Sen Hồng" in said.text
    assert "{" not in said.text


async def test_a_stranger_never_sees_a_word_of_what_is_not_hers(chat: Chat) -> None:
    await guest(chat)
    why, consent = await chat.say("xe đưa đón đỗ ở đâu")
    assert why.text == "Nội dung này dành cho đại biểu đã gắn thẻ."
    assert consent.text.startswith("Trợ lý Đồng Hành giữ ngôn ngữ")
    for said in await chat.tap("ask.answer:diem-don"):
        assert "Sân xe" not in said.text


async def test_a_public_answer_needs_no_card(chat: Chat) -> None:
    await guest(chat)
    (said,) = await chat.say("cấp cứu gọi số nào")
    assert said.text.startswith("Cấp cứu gọi 115")


async def test_unsure_suggests_titles_and_keeps_nothing(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.say("thẻ")
    assert said.text == "Đại biểu muốn hỏi điều nào sau đây?"
    assert 3 <= len(said.choices) <= 5
    assert [one.value for one in said.choices][-2:] == ["ask.none", "helper.start"]
    assert await questions(chat) == 0
    (again,) = await chat.say("7")
    assert again.choices == said.choices
    (answer,) = await chat.say("1")
    assert answer.text.count("(Nguồn: ") == 1


async def test_the_third_misunderstanding_in_a_row_brings_a_person(chat: Chat) -> None:
    await chat.linked()
    first, second = [(await chat.say(word))[0] for word in ("zzz xxx", "zzz xxx")]
    assert first.text == "Xin lỗi, Trợ lý Đồng Hành chưa hiểu. Mời đại biểu bấm một số:"
    assert first.choices == second.choices
    assert first.choices[0].label == "Gặp người hỗ trợ"
    assert await chat.requests() == []
    sorry, helper = await chat.say("zzz xxx")
    assert sorry.text == "Xin lỗi, Trợ lý Đồng Hành đã mấy lần chưa hiểu."
    assert helper.text.startswith("Ban Tổ chức đã nhận yêu cầu gặp người hỗ trợ.")
    assert [kind for kind, _, _ in await chat.requests()] == ["help"]
    assert await questions(chat) == 0  # she pressed no button to send them


async def test_being_understood_starts_the_count_anew(chat: Chat) -> None:
    await chat.linked()
    for _ in range(3):
        await chat.say("zzz xxx")
        await chat.tap("ask.none")
        await chat.say("xe của tôi")
    assert await chat.requests() == []


async def test_no_words_lead_to_the_menu(chat: Chat) -> None:
    await chat.linked()
    none, menu = await chat.say("   ")
    assert none.text == "Tin này chưa có chữ nào."
    assert menu.text == "Đại biểu muốn xem gì?"


async def test_an_answer_that_is_not_there(chat: Chat) -> None:
    await chat.linked()
    for junk in ("", "no-such", "../wifi"):
        (said,) = await chat.tap(f"ask.answer:{junk}")
        assert said.text.startswith("Xin lỗi") or said.text.startswith("Ban Tổ chức đã nhận")
        await chat.tap("menu.show")


async def test_everything_can_be_reached_by_digits_alone(chat: Chat) -> None:
    await chat.linked()
    await chat.say("0")
    (topics,) = await chat.say("5")
    assert [one.label for one in topics.choices][:2] == ["Đăng ký, nhận thẻ", "Khách sạn"]
    (more,) = await chat.say("6")
    assert more.choices[0].value == "ask.topic:meals"
    (answers,) = await chat.say("1")
    assert answers.text == "Đại biểu muốn biết điều gì?"
    (answer,) = await chat.say("1")
    assert "(Nguồn: " in answer.text


async def test_in_english_what_is_asked_in_english(chat: Chat) -> None:
    await chat.linked(language="2")
    (said,) = await chat.say("what is the wifi password")
    assert said.language == "en"
    assert "(Source: " in said.text


async def test_media_and_places_are_answered_and_not_read(chat: Chat) -> None:
    await chat.linked()
    spoken, helper = await chat.send(Kind.MEDIA, media_kind="voice")
    assert spoken.text == "Trợ lý Đồng Hành chưa nghe được tiếng nói."
    assert helper.text.startswith("Ban Tổ chức đã nhận yêu cầu gặp người hỗ trợ.")
    picture, _ = await chat.send(Kind.MEDIA, media_kind="picture")
    assert picture.text.endswith("không gửi ảnh giấy tờ tùy thân vào đây.")
    for kind in ("sticker", "other", "contact", "contact_other"):
        sticker, menu = await chat.send(Kind.MEDIA, media_kind=kind)
        assert sticker.text == "Trợ lý Đồng Hành chưa đọc được tin này. Mời đại biểu gõ vài chữ."
        assert menu.text == "Đại biểu muốn xem gì?"
    assert [kind for kind, _, _ in await chat.requests()] == ["help"]
