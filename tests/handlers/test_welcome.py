"""From the card's link to her room, and every way that does not lead there."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.clock import SetClock
from bot.values.incoming import Kind
from bot.values.reply import Reply
from tests.handlers.chats import Chat

Another = Callable[[str], Chat]


def labels(reply: Reply) -> list[str]:
    return [choice.label for choice in reply.choices]


async def to_the_digits(chat: Chat, code: str = "DB0001") -> list[Reply]:
    await chat.join(chat.ground.cards[code].token)
    said: list[Reply] = []
    for digit in "11111":
        said = await chat.say(digit)
    return said


async def test_from_scan_to_room_in_six_taps_and_four_digits(chat: Chat) -> None:
    greeting, picker = await chat.join(chat.ground.cards["DB0001"].token)
    assert greeting.text.startswith("Kính chào đại biểu.")
    assert "Hạnh" not in greeting.text + picker.text
    for digit in "11111":  # Vietnamese, three times "go on", "I agree"
        (said,) = await chat.say(digit)
    assert said.text == "Mời đại biểu gõ bốn số cuối của số điện thoại đã đăng ký."
    (hello,) = await chat.say(" 56 78 ")
    assert hello.text.startswith("Kính chào bà Nguyễn Thị Hạnh.")
    (room,) = await chat.say("1")
    assert room.text == (
        "Phòng của đại biểu: **305**, **Khách sạn Sen Hồng**.\n"
        "(Ban Tổ chức cập nhật 08:10 ngày 19/01)\n"
        "Nếu chưa đúng, mời bấm “Chưa đúng”."
    )


async def test_the_picker_shows_every_language_in_its_own_name_with_what_it_has(
    chat: Chat,
) -> None:
    _, picker = await chat.join()
    assert labels(picker) == [
        "Tiếng Việt ✅ 🙋",
        "English ✅ 🙋",
        "ភាសាខ្មែរ / Tiếng Khmer 🙋",
        "Hmôngz / Tiếng Mông (chữ Mông Việt Nam) 🙋",
        "Tày 🙋",
        "ꪼꪕꪒꪾ / Tiếng Thái (chữ Thái) 🙋",
        "Jrai / Gia Rai 🙋",
        "Êđê / Ê Đê 🙋",
    ]
    # A language says who somebody is: it does not travel in a button's value.
    assert [one.value for one in picker.choices][:2] == ["welcome.language:1", "welcome.language:2"]


async def test_nothing_but_the_language_is_answered_before_it_is_chosen(chat: Chat) -> None:
    for said in (await chat.say("wifi"), await chat.tap("mine.room"), await chat.say("menu")):
        assert labels(said[-1])[0] == "Tiếng Việt ✅ 🙋"


async def test_a_language_without_reviewed_words_says_so_and_offers_a_person(chat: Chat) -> None:
    await chat.join()
    (said,) = await chat.say("7")  # Jrai
    assert said.text == (
        "Tiếng Gia Rai: câu trả lời chưa sẵn sàng.\n"
        "Lúc này câu trả lời bằng tiếng Việt.\n"
        "Người nói tiếng này có tại: **Bàn hướng dẫn số 1**, 06:30-21:30, 0900 000 101."
    )
    assert (said.language, labels(said)[:2]) == ("vi", ["Tiếp tục", "Gặp người hỗ trợ"])
    (menu,) = await chat.say("1")
    assert menu.language == "vi"


async def test_desks_that_are_not_public_are_not_named_to_strangers(chat: Chat) -> None:
    await chat.join()
    (said,) = await chat.say("4")  # spoken at the desk in a hotel
    assert said.text.endswith("Ban Tổ chức có người nói tiếng này: mời bấm 9.")


async def test_english_stays_english(chat: Chat) -> None:
    (hello,) = await chat.linked(language="2")
    assert hello.text == (
        "Welcome, bà Nguyễn Thị Hạnh. Your card is linked. What would you like to see?"
    )
    assert hello.language == "en"


async def test_typed_text_never_changes_the_language(chat: Chat) -> None:
    await chat.linked()
    await chat.say("where is my hotel")
    (menu,) = await chat.say("menu")
    assert menu.text == "Đại biểu muốn xem gì?"


async def test_the_language_can_be_changed_later(chat: Chat) -> None:
    await chat.linked()
    (picker,) = await chat.say("đổi ngôn ngữ")
    assert picker.text.startswith("Mời đại biểu chọn ngôn ngữ.")
    (menu,) = await chat.say("2")
    assert menu.text == "What would you like to see?"


@pytest.mark.parametrize("junk", ["", "0", "9", "fr", "1.5", "x" * 40])
async def test_a_language_that_is_not_offered_shows_the_picker(chat: Chat, junk: str) -> None:
    await chat.join()
    (said,) = await chat.tap(f"welcome.language:{junk}")
    assert len(said.choices) == 8


async def test_refusing_still_gives_public_information(chat: Chat) -> None:
    await to_the_digits(chat)
    await chat.tap("welcome.link:other")
    (said,) = await chat.tap("welcome.refuse")
    assert said.text.startswith("Đã ghi nhận: đại biểu không đồng ý.")
    (day,) = await chat.tap("programme.day:2")
    assert "● 08:00-09:45 Phiên khai mạc" in day.text
    assert "Đêm văn nghệ" not in day.text


async def test_no_answer_is_no(chat: Chat) -> None:
    await chat.join(chat.ground.cards["DB0001"].token)
    await chat.say("1")
    (menu,) = await chat.say("2")  # later
    assert labels(menu)[0] == "Gắn thẻ đại biểu"
    assert (await chat.tap("mine.room"))[-1].text.startswith("Trợ lý Đồng Hành giữ")


async def test_a_yes_to_a_text_that_was_not_read_asks_again(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    (said,) = await chat.tap("welcome.agree")
    assert said.text.startswith("Trợ lý Đồng Hành giữ ngôn ngữ")


async def test_taking_the_consent_back_closes_her_record(chat: Chat) -> None:
    await chat.linked()
    await chat.tap("welcome.refuse")
    why, consent = await chat.tap("mine.room")
    assert why.text == "Trước khi xem thông tin riêng, mời đại biểu đọc bốn tin ngắn."
    assert labels(consent) == ["Tiếp tục", "Để sau"]
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    (hello,) = await chat.tap("welcome.agree")
    assert hello.text.startswith("Kính chào bà Nguyễn Thị Hạnh.")


async def test_the_code_on_the_card_may_be_typed(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    await chat.tap("welcome.link")
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    (how,) = await chat.tap("welcome.agree")
    assert how.text.startswith("Mời đại biểu mở đường dẫn in trên thẻ đại biểu.")
    (digits,) = await chat.say(chat.ground.cards["DB0001"].code.lower().replace("-", " "))
    assert digits.text.startswith("Mời đại biểu gõ bốn số cuối")
    assert chat.session is not None
    assert chat.session.notes["recent"] == ["1"]  # no code is kept for helpers to read


async def test_a_whole_link_may_be_pasted(chat: Chat) -> None:
    await to_the_digits(chat)
    await chat.tap("welcome.link:other")
    (said,) = await chat.say(f"https://dai.hoi/c/{chat.ground.cards['DB0002'].token}")
    assert said.text.startswith("Mời đại biểu gõ bốn số cuối")


async def test_five_wrong_codes_end_at_a_desk_for_a_quarter_of_an_hour(
    chat: Chat, clock: SetClock
) -> None:
    await to_the_digits(chat)
    await chat.tap("welcome.link:other")
    said = [await chat.say(f"ABCD-EF{number}9") for number in range(5)]
    assert said[3][0].text == "Chưa tìm thấy mã này. Mời đại biểu xem lại thẻ và gõ lại."
    assert said[4][0].text.startswith("Đã mấy lần chưa khớp. Mời đại biểu thử lại sau 15 phút.\n")
    assert "Gặp người hỗ trợ" in labels(said[4][0])
    await chat.tap("welcome.link")
    (wait,) = await chat.say(chat.ground.cards["DB0001"].code)
    assert wait.text.startswith("Đã mấy lần chưa khớp.")
    clock.forward(timedelta(minutes=16))
    await chat.tap("welcome.link")
    (digits,) = await chat.say(chat.ground.cards["DB0001"].code)
    assert digits.text.startswith("Mời đại biểu gõ bốn số cuối")


async def test_five_wrong_digits_wait_too(chat: Chat) -> None:
    await to_the_digits(chat)
    said = [await chat.say("0000") for _ in range(5)]
    assert said[0][0].text == "Bốn số này chưa khớp với danh sách. Mời đại biểu gõ lại."
    assert said[4][0].text.startswith("Đã mấy lần chưa khớp.")
    (wait,) = await chat.tap("welcome.link")
    assert wait.text.startswith("Đã mấy lần chưa khớp.")


async def test_anything_but_four_digits_is_asked_again_and_is_no_guess(chat: Chat) -> None:
    await to_the_digits(chat)
    for typed in ("0912345678", "567", "tôi không nhớ", "số cuối 56"):
        (said,) = await chat.say(typed)
        assert said.text.startswith("Mời đại biểu gõ bốn số cuối")
    (hello,) = await chat.say("bốn số cuối ៥៦៧៨")  # Khmer digits
    assert hello.text.startswith("Kính chào bà")


async def test_words_instead_of_a_code_are_a_question(chat: Chat) -> None:
    await to_the_digits(chat)
    await chat.tap("welcome.link:other")
    said = await chat.say("số điện thoại hỗ trợ")
    assert "0900 000 100" in said[0].text


async def test_who_has_no_phone_in_the_roster_is_for_the_desk(chat: Chat) -> None:
    await to_the_digits(chat, "DB0004")
    (said,) = await chat.say("0333")
    first, second = said.text.split("\n")
    assert first == "Thẻ này cần được gắn tại bàn hướng dẫn."
    assert second.endswith("tại: **Bàn hướng dẫn số 1**, 06:30-21:30, 0900 000 101.")


async def test_a_fourth_chat_is_for_the_desk(another: Another) -> None:
    for sender in ("a", "b", "c"):
        await another(sender).linked()
    (said,) = await another("d").linked()
    assert said.text.startswith("Thẻ này đã gắn với ba nơi trò chuyện.\nMời đại biểu đưa số **")


async def test_a_card_of_another_event_is_kindly_refused(chat: Chat) -> None:
    said = await chat.join(chat.ground.other_card.token)
    assert said[0].text == "Thẻ này thuộc một đại hội khác. Mời đại biểu bấm 9 để được giúp."
    await to_the_digits(chat)
    await chat.tap("welcome.link:other")
    (said_typed,) = await chat.say(chat.ground.other_card.code)
    assert said_typed.text.startswith("Thẻ này thuộc một đại hội khác.\n")


async def test_a_card_that_is_no_longer_in_force_says_so(chat: Chat) -> None:
    said = await chat.join("A" * 22)
    assert said[0].text == "Thẻ này không còn hiệu lực. Mời đại biểu hỏi tại bàn hướng dẫn."
    assert len(said[-1].choices) == 8


async def test_a_payload_that_is_no_card_is_passed_over(chat: Chat) -> None:
    assert len(await chat.join("poster")) == 2


async def test_coming_back_is_no_second_welcome(chat: Chat) -> None:
    await chat.linked()
    (menu,) = await chat.join(chat.ground.cards["DB0001"].token)
    assert menu.text == "Đại biểu muốn xem gì?"


async def test_anothers_card_never_takes_over_a_linked_chat(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.join(chat.ground.cards["DB0002"].token)
    assert said.text.startswith("Thẻ này là của một đại biểu khác.\n")
    await chat.say("2")  # not now
    (room,) = await chat.tap("mine.room")
    assert "**305**" in room.text


async def test_not_me_lets_go_at_once_and_tells_the_organisers(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.tap("welcome.not_me")
    assert said.text.startswith("Thẻ đã được gỡ khỏi cuộc trò chuyện này.")
    assert await chat.requests() == [("urgent", "person", "registration")]
    shown = await chat.tap("mine.room")
    assert "305" not in "".join(reply.text for reply in shown)
    (menu,) = await chat.say("menu")
    assert menu.language == "vi"


async def test_not_me_of_a_guest_does_nothing(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    await chat.tap("welcome.not_me")
    assert await chat.requests() == []


async def test_the_card_code_typed_first_is_remembered(chat: Chat) -> None:
    said = await chat.say(chat.ground.cards["DB0001"].code)
    assert len(said[-1].choices) == 8
    for digit in "11111":
        said = await chat.say(digit)
    assert said[0].text.startswith("Mời đại biểu gõ bốn số cuối")


async def test_who_leaves_is_told_nothing(chat: Chat) -> None:
    assert await chat.send(Kind.LEFT) == []
    await chat.linked()
    assert await chat.send(Kind.LEFT) == []
    assert await chat.send(Kind.RECEIPT) == []


async def test_her_own_number_from_her_phone_does_for_the_digits(chat: Chat) -> None:
    await to_the_digits(chat)
    linked = await chat.send(Kind.MEDIA, media_kind="contact", text="+84912345678")
    assert "Nguyễn Thị Hạnh" in linked[0].text


async def test_a_card_of_somebody_else_is_not_read(chat: Chat) -> None:
    await to_the_digits(chat)
    said, _ = await chat.send(Kind.MEDIA, media_kind="contact_other")
    assert said.text.startswith("Trợ lý Đồng Hành chưa đọc được tin này.")


async def test_another_number_is_a_wrong_guess_like_any(chat: Chat) -> None:
    await to_the_digits(chat)
    (wrong,) = await chat.send(Kind.MEDIA, media_kind="contact", text="+84900000222")
    assert "Nguyễn Thị Hạnh" not in wrong.text
    assert chat.session is not None
    assert chat.session.step == "welcome.digits"


async def test_her_own_number_alone_is_another_way_in(chat: Chat) -> None:
    await chat.join()
    assert await chat.send(Kind.MEDIA, media_kind="contact", text="+84912345678") != []
    await chat.say("1")
    first, _ = await chat.send(Kind.MEDIA, media_kind="contact", text="+84912345678")
    assert first.text.startswith("Cảm ơn đại biểu. Mời đọc nội dung này trước")
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    await chat.tap("welcome.agree")
    (linked,) = await chat.send(Kind.MEDIA, media_kind="contact", text="84 912 345 678")
    assert "Nguyễn Thị Hạnh" in linked.text
    (room,) = await chat.tap("mine.room")
    assert "305" in room.text


@pytest.mark.parametrize("number", ["+84999999999", "not a number", ""])
async def test_a_number_nobody_has_ends_at_a_desk(chat: Chat, number: str) -> None:
    await chat.join()
    await chat.say("1")
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    await chat.tap("welcome.agree")
    (said,) = await chat.send(Kind.MEDIA, media_kind="contact", text=number)
    assert "Mời đại biểu đưa số" in said.text
    assert "Nguyễn" not in said.text
