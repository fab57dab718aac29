"""/dulieu whole: every part in short pages by digits alone, and all of it as one file."""

from collections.abc import Callable

from bot import documents
from bot.store import Work
from bot.store.accounts import channel_account
from bot.text import visible_length
from bot.values.erased import ErasedKind
from handlers.kept import PARTS
from tests.handlers.chats import Chat


async def test_every_part_by_digits_alone(chat: Chat) -> None:
    await chat.linked()
    await chat.say("9")
    await chat.tap("documents.get:noi-quy")
    seen = {}
    for page, digits in (("", "123"), ("2", "123")):
        for digit in digits:
            await chat.say("/dulieu")
            (asked,) = await chat.say("1")
            assert asked.text == "Đại biểu muốn xem phần dữ liệu nào?"
            if page:
                await chat.say("4")
            (part,) = await chat.say(digit)
            assert visible_length(part.text) <= 320
            head, *lines = part.text.split("\n")
            seen[head] = lines
    assert [head.split(":")[0] for head in seen] == [
        *("Tin đã viết", "Tin đã nhận", "Yêu cầu của đại biểu"),
        *("Tài liệu đã mở", "Kênh đã gắn", "Ý kiến đồng ý"),
    ]
    rest = list(seen.values())
    assert rest[2] == ["● 08:10 ngày 19/01: gặp người hỗ trợ, đang xử lý"]
    assert [line.startswith("● 08:10 ngày 19/01: Nội quy") for line in rest[3]] == [True]
    assert rest[4] == ["● 08:10 ngày 19/01: trang trò chuyện"]
    assert rest[5] == ["● 08:10 ngày 19/01: đồng ý (2026-11-21)"]


async def test_long_parts_go_on_page_after_page(chat: Chat) -> None:
    await chat.linked()

    def talk(work: Work) -> None:
        assert chat.session is not None
        for n in range(9):
            body = {"text": f"câu {n} " + "dài " * 40}
            work.transcripts.add(chat.session.address_id, "in", f"in:{n}", body)

    await chat.store.write(talk)
    (first,) = await chat.tap("me.kept:said")
    assert first.text.splitlines()[0] == "Tin đã viết: đang giữ 9."
    assert [line.split(": ")[1][:5] for line in first.text.splitlines()[1:]] == [
        *("câu 8", "câu 7", "câu 6", "câu 5")
    ]
    assert visible_length(first.text) <= 320
    (second,) = await chat.say("1")
    (third,) = await chat.say("1")
    assert [line.split(": ")[1][:5] for line in third.text.splitlines()[1:]] == ["câu 0"]
    assert [one.value for one in third.choices] == ["me.more", "menu.show"]
    for odd in ("me.kept:said.99999", "me.kept:said.4", "me.kept:nothing", "me.kept:said.x"):
        assert len(await chat.tap(odd)) == 1
    assert second.choices[0].value == "me.kept:said.1"


async def test_all_of_it_as_a_file_for_her_alone(another: Callable[[str], Chat]) -> None:
    hers, other = another("c1"), another("c2")
    await hers.linked()
    await other.linked("DB0002")
    (said,) = await hers.tap("me.copy")
    (file,) = said.media
    known = hers.house.knowledge[hers.ground.knowledge.events()[0].id]

    async def opened(sender: str) -> documents.Paper | None:
        return await documents.copy_for(
            hers.store,
            hers.house.vault,
            hers.house.texts,
            known,
            hers.ground.account_id,
            sender,
            file.sha256,
        )

    assert await opened("c2") is None
    assert await opened("") is None
    assert await opened("c9") is None
    paper = await opened("c1")
    assert paper is not None
    text = paper.body.decode()
    assert "Nguyễn Thị Hạnh" in text
    assert "- số điện thoại: +84912345678" in text
    assert "Giàng A Páo" not in text
    # A lost telephone opens it no more, and one that was forgotten neither.
    assert hers.session is not None
    here = [hers.session.address_id]
    await hers.store.write(lambda work: work.accounts.freeze(here))
    assert await opened("c1") is None
    await hers.store.write(lambda work: work.accounts.unfreeze(here))
    await hers.tap("me.erase_now")
    assert await opened("c1") is None
    stones = await hers.store.read(lambda work: work.privacy.tombstones())
    assert [one.kind for one in stones] == [ErasedKind.TALK]


async def test_elsewhere_the_desk_gives_it_within_ten_days(chat: Chat) -> None:
    await chat.linked()

    def move(work: Work) -> None:
        kind = channel_account.update().values(kind="elsewhere")
        work.conn.execute(kind.where(channel_account.c.id == chat.ground.account_id))

    await chat.store.write(move)
    (said,) = await chat.tap("me.copy")
    assert said.media[0].kind == "picture"
    assert said.text.startswith(
        "Bàn hướng dẫn sẽ đưa toàn bộ bản sao, chậm nhất Thứ Sáu, ngày 29/01/2027."
    )
    assert await chat.requests() == [("privacy", "copy", "registration")]


async def test_a_guest_sees_the_little_that_is_kept(chat: Chat) -> None:
    await chat.join()
    await chat.say("1")
    for part in PARTS:
        (said,) = await chat.tap(f"me.kept:{part}")
        assert said.choices[-1].value == "menu.show"
    (said,) = await chat.tap("me.copy")
    assert [one.kind for one in said.media] == ["file"]
