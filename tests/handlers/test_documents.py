"""Documents in a dialogue: by digits alone, each to whom it is for, and honest about the rest."""

from collections.abc import Callable
from dataclasses import replace

from bot.knowledge import Knowledge, Known
from bot.reception import House
from bot.store.documents import Opened
from bot.values.reply import Media, Reply
from tests.handlers.chats import Chat


def labels(said: list[Reply]) -> list[str]:
    return [one.label for one in said[-1].choices]


async def opened(chat: Chat) -> list[Opened]:
    event = chat.ground.knowledge.events()[0].id
    return await chat.store.read(lambda work: work.documents.counts(event))


class Bare(Knowledge):
    """What a process knows of an event without documents."""

    def __init__(self, known: Known) -> None:
        assert known.library is not None
        bare = replace(known.library, documents={}, files={})
        self._known = {known.event.id: replace(known, library=bare)}


def bare(chat: Chat) -> House:
    known = chat.ground.knowledge[chat.ground.knowledge.events()[0].id]
    return replace(chat.house, knowledge=Bare(known))


async def test_from_the_menu_to_a_file_with_digits_alone(chat: Chat) -> None:
    await chat.linked()
    await chat.say("0")
    (more,) = await chat.say("6")
    assert "Xem tài liệu" in labels([more])
    (which,) = await chat.say("2")
    assert which.text == "Đại biểu muốn xem tài liệu nào?"
    assert labels([which]) == [
        "Dự thảo nghị quyết",
        "Nội quy Đại hội",
        "Phiếu góp ý",
        "Sơ đồ trung tâm",
        "Sổ tay chương trình",
    ]
    (rules,) = await chat.say("hai")
    assert rules.text == (
        "Nội quy Đại hội, bản 2\n"
        "Đại biểu đến trước giờ họp 15 phút và đeo thẻ. "
        "Trong hội trường, điện thoại để im lặng. Ra ngoài khi đang họp, mời đi cửa bên.\n"
        "(Nguồn: Đoàn Thư ký Đại hội, cập nhật 08:20 ngày 19/11)"
    )
    assert labels([rules]) == ["Nhận tệp", "Tài liệu khác", "Về menu"]
    (file,) = await chat.say("1")
    kept = chat.library.files["noi-quy.pdf"]
    assert file.text == "“Nội quy Đại hội”, bản 2. Mời đại biểu bấm vào tệp để mở."
    assert file.media == (
        Media("file", kept.sha256, "noi-quy.pdf", "Nội quy Đại hội (bản 2, PDF, 18 kB)"),
    )
    (again,) = await chat.say("số 1")
    assert again.text == which.text


async def test_a_head_of_delegation_turns_the_page(chat: Chat) -> None:
    await chat.linked("DB0002")
    (first,) = await chat.say("tài liệu")
    assert labels([first])[5:] == ["Xem thêm"]
    (rest,) = await chat.say("6")
    assert labels([rest]) == ["Việc của trưởng đoàn"]
    (hers,) = await chat.say("1")
    assert hers.text.startswith("Việc của trưởng đoàn, bản 1.1\n")


async def test_a_stranger_sees_only_what_is_public(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    (which,) = await chat.tap("documents.list")
    assert labels([which]) == ["Nội quy Đại hội"]
    (file,) = await chat.tap("documents.get:noi-quy")
    assert [one.kind for one in file.media] == ["file"]
    assert await opened(chat) == []


async def test_what_is_not_for_her_does_not_exist_for_her(chat: Chat) -> None:
    await chat.linked()
    for slug in ("viec-truong-doan", "khong-co", "", "../noi-quy"):
        for step in ("show", "get"):
            (said,) = await chat.tap(f"documents.{step}:{slug}")
            assert said.text == (
                "Ban Tổ chức chưa công bố tài liệu này. Mời đại biểu gặp người hỗ trợ."
            )
            assert said.media == ()
    await chat.tap("welcome.refuse")
    (said,) = await chat.tap("documents.get:so-tay-chuong-trinh")
    assert said.media == ()


async def test_of_an_official_document_she_learns_where_it_is_had(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.tap("documents.show:du-thao-nghi-quyet")
    assert said.text == (
        "Dự thảo nghị quyết\n"
        "Tài liệu này không gửi qua tin nhắn. Mời đại biểu ký nhận bản giấy tại "
        "Bàn tài liệu và thiết bị. Sau phiên họp, mời nộp lại cho trưởng đoàn.\n"
        "(Nguồn: Đoàn Thư ký Đại hội, cập nhật 08:50 ngày 19/11)"
    )
    assert labels([said]) == [
        "Xem đường đi",
        "Tài liệu khác",
        "Gặp người hỗ trợ",
        "Về menu",
    ]
    (no_file,) = await chat.tap("documents.get:du-thao-nghi-quyet")
    assert (no_file.text, [one.kind for one in no_file.media]) == (said.text, ["picture"])
    assert await opened(chat) == []


async def test_the_language_of_a_file_is_said_when_it_is_not_hers(chat: Chat) -> None:
    await chat.linked(language="2")
    (translated,) = await chat.tap("documents.get:noi-quy")
    assert translated.text == "“House rules”, version 2. Press the file to open it."
    assert translated.media[0].name == "noi-quy-en.pdf"
    (booklet,) = await chat.tap("documents.get:so-tay-chuong-trinh")
    assert booklet.text.split("\n")[1:] == ["(Language of the file: Tiếng Việt)"]
    await chat.tap("welcome.language:3")
    (khmer,) = await chat.tap("documents.get:noi-quy")
    assert khmer.media[0].name == "noi-quy.pdf"  # the chain never leads to English
    assert khmer.text.endswith("(Ngôn ngữ của tệp: Tiếng Việt)")


async def test_whoever_got_a_file_is_noted_once(another: Callable[[str], Chat]) -> None:
    hers, head = another("c1"), another("c2")
    await hers.linked()
    await head.linked("DB0002")
    for _ in range(2):
        await hers.tap("documents.get:so-do-trung-tam")
    await head.tap("documents.get:so-do-trung-tam")
    await hers.tap("documents.show:noi-quy")  # read about it, not opened
    assert await opened(hers) == [Opened("so-do-trung-tam", "1", 2)]


async def test_nothing_announced_is_said_plainly(another: Callable[[str], Chat]) -> None:
    hers, guest = another("c1"), another("c2")
    for chat in (hers, guest):
        chat.house = bare(chat)
    await hers.linked()
    (said,) = await hers.tap("documents.list")
    assert said.text == "Ban Tổ chức chưa công bố tài liệu nào."
    assert labels([said]) == ["Gặp người hỗ trợ", "Về menu"]
    await guest.join()
    await guest.say("1")
    (said,) = await guest.tap("documents.list")
    assert said.text == "Ban Tổ chức chưa công bố tài liệu nào cho mọi người."
    assert labels([said])[0] == "Gắn thẻ đại biểu"


async def test_a_question_leads_to_the_list(chat: Chat) -> None:
    await chat.linked()
    (said,) = await chat.say("Cho tôi xem danh sách tài liệu?")
    assert said.text == "Đại biểu muốn xem tài liệu nào?"
