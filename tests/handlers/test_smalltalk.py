"""What is no question is heard as what it is, and nothing else is mistaken for it."""

import pytest

from handlers import smalltalk
from tests.handlers.chats import Chat

DESPAIR = (
    "tôi muốn chết",
    "toi muon chet",
    "Buồn quá, không muốn sống!",
    "buon qua k muon song nua",
    "mệt mỏi quá chỉ muốn chết",
    "tự tử",
    "chết đi cho rồi",
    "chán sống lắm rồi",
    "I want to die",
    "i don't want to live anymore",
)
NO_DESPAIR = (
    "nóng muốn chết",
    "đói muốn chết mà chưa có cơm",
    "nói từ từ thôi",
    "noi tu tu thoi",
    "tư vấn sức khỏe ở đâu",
    "tôi muốn tư vấn",
    "tôi không muốn sống ở khách sạn này",
    "không có sóng điện thoại",
    "my phone is about to die",
    "",
)
SAID = (
    ("chào", "greets"),
    ("xin chào em", "greets"),
    ("Chào buổi sáng trợ lý Đồng Hành ạ", "greets"),
    ("hello", "greets"),
    ("cám ơn nha", "thanks"),
    ("dạ cảm ơn em nhiều lắm", "thanks"),
    ("Thank you so much!", "thanks"),
    ("tạm biệt nhé", "parts"),
    ("good night", "parts"),
    ("đồ ngu", "scolds"),
    ("máy này ngu quá", "scolds"),
    ("you're useless", "scolds"),
    ("không phải", "denies"),
    ("ko phai cai do dau em oi", "denies"),
    ("không phải cái nào hết", "denies"),
    ("chẳng đúng cái nào", "denies"),
    ("sai rồi", "denies"),
    ("ý tôi khác cơ", "denies"),
    ("no", "denies"),
    ("none of these", "denies"),
    ("that's not what I asked", "denies"),
)
QUESTIONS = (
    "chào em phòng tôi ở đâu",
    "có cháo không",
    "cháo",
    "cảm ơn thì nói tiếng Mông thế nào",
    "buồn ngủ quá",
    "ngủ ở đâu",
    "hi vọng có xe",
    "trợ lý",
    "bạn là ai",
    "có phải không",
    "đúng không em",
    "không có nước",
    "không phải đeo thẻ à",
    "no water in my room",
    "is it right",
)


def heard(text: str) -> str:
    """The names of everything that takes this text for its own."""
    ears = (
        smalltalk.greets,
        smalltalk.thanks,
        smalltalk.parts,
        smalltalk.scolds,
        smalltalk.denies,
    )
    return " ".join(ear.__name__ for ear in ears if ear(text))


@pytest.mark.parametrize("text", DESPAIR)
def test_despair_is_heard(text: str) -> None:
    assert smalltalk.despairs(text)


@pytest.mark.parametrize("text", NO_DESPAIR)
def test_what_only_sounds_like_despair_is_not(text: str) -> None:
    assert not smalltalk.despairs(text)


@pytest.mark.parametrize(("text", "what"), SAID)
def test_courtesies_and_scolding_are_told_apart(text: str, what: str) -> None:
    assert heard(text) == what


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_no_small_talk(text: str) -> None:
    assert heard(text) == ""


async def test_despair_asks_for_a_person_at_once(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.say("tôi muốn chết")
    numbers = [line for line in said.text.split("\n") if line.startswith("●")]
    assert [line.split(": ")[-1] for line in numbers] == ["0900 000 115", "**115**", "0900 000 100"]
    assert said.choices[0].value == "helper.start"
    assert await chat.requests() == [("urgent", "medics", "health")]


async def test_despair_is_heard_before_a_language_is_chosen(chat: Chat) -> None:
    await chat.say("con không muốn sống nữa")
    assert await chat.requests() == [("urgent", "medics", "health")]


async def test_a_step_that_waits_for_words_hears_despair_only(chat: Chat) -> None:
    await chat.join(chat.ground.cards["DB0001"].token)
    await chat.tap("welcome.language:1")
    for page in (2, 3, 4):
        await chat.tap(f"welcome.consent:{page}")
    asked = await chat.tap("welcome.agree")
    assert await chat.say("chào buổi sáng trợ lý") == asked
    assert chat.session is not None
    assert chat.session.step == "welcome.digits"
    await chat.say("tôi muốn chết")
    assert await chat.requests() == [("urgent", "medics", "health")]


async def test_anger_offers_the_question_that_was_not_answered(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.say("đồ ngu")
    assert [one.value for one in said.choices] == ["helper.start", "menu.show"]
    await chat.say("thời tiết sao hỏa")
    (said,) = await chat.say("đồ ngu")
    assert [one.value.partition(":")[0] for one in said.choices] == [
        "helper.start",
        "ask.send",
        "menu.show",
    ]


async def test_a_question_between_two_curses_is_answered(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.say("đm phòng của tôi ở đâu")
    assert "305" in said.text
