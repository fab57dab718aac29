"""Six people's days, played in Chromium from the first scan to the last evening.

`DONGHANH_TEST_PICTURES=folder` keeps a picture of every screen for somebody to look at.
"""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, expect

from bot import desk
from bot.media import sha256_of
from bot.paths import resource
from bot.roster import Source, apply, language_table, map_headers, names_of, parse_rows, read
from bot.values.request import RequestKind
from tests.e2e.days import Congress, Phone, congress, phone

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ARRIVAL, OPENING, LAST = 18, 19, 22  # of January 2027


@pytest.fixture
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Congress]:
    with congress(tmp_path_factory.mktemp("congress")) as running:
        yield running


def agree(held: Phone) -> None:
    """The four screens of the consent, read one by one."""
    for _ in range(3):
        held.tap("Tiếp tục")
    held.tap("Tôi đồng ý")


def settle_in(held: Phone, code: str) -> str:
    """From the scan of her card to the greeting by name."""
    held.scan(held.congress.card(code))
    held.tap("Tiếng Việt")
    agree(held)
    return held.write(held.congress.digits(code))


def test_one_who_reads_slowly(chromium: Browser, here: Congress) -> None:
    with phone(chromium, here, "slow") as hers:
        hers.scan(here.card("DB0001"))
        assert "chưa sẵn sàng" in hers.tap("Gia Rai")  # honest: a person, not a made-up word
        hers.tap("Tiếp tục")
        agree(hers)
        assert "Rơ Châm H'Lan" in hers.write(here.digits("DB0001"))
        assert "305" in hers.write("1")
        assert "305" in hers.control("Đọc lại")
        hers.control("Quay lại")
        assert "ngắn" in hers.write("noi ngan va cham")
        assert "305" in hers.write("toi o phong nao")
        assert "Số xe của đại biểu: 1" in hers.write("xe toi so may")
        here.at(ARRIVAL, "18:40")
        assert "19:30" in hers.write("toi nay co gi")
        here.at(OPENING, "07:10")
        hers.write("0")
        assert "Ghế của đại biểu" in hers.write("3")
        assert "Bấm 1 để gọi" in hers.write("toi dau bung")
        assert "Bàn hướng dẫn" in hers.control("Gặp người hỗ trợ")
        hers.page.reload()
        expect(hers.page.get_by_text("Ban Tổ chức đã nhận yêu cầu gặp")).to_be_in_viewport()
        assert "305" in hers.all_heard()
        here.at(LAST, "20:00")
        assert "Số xe của đại biểu" in hers.write("xe toi so may")
        hers.write("cam on")
        assert hers.labels()


def test_a_companion_with_two_relatives(chromium: Browser, here: Congress) -> None:
    with phone(chromium, here, "companion") as held:
        assert "Nguyễn Kim Linh" in settle_in(held, "DB0900")
        for code, time in (("DB0901", "06:20"), ("DB0902", "06:40")):
            here.at(ARRIVAL, time)
            held.scan(here.card(code))
            expect(held.page.get_by_role("button", name="Thêm người này").last).to_be_in_viewport()
            held.tap("Thêm người này")
            held.tap("Tiếng Việt")
            agree(held)
            assert here.record(code).full_name in held.write(here.digits(code))
        rooms = {code: here.record(code).room for code in ("DB0900", "DB0901", "DB0902")}
        names = {code: here.record(code).full_name for code in rooms}
        held.tap("Về menu")
        here.at(OPENING, "07:00")
        for code, name in names.items():
            held.write("doi nguoi")
            held.tap(name)
            answer = held.write("toi o phong nao")
            assert answer.index(name) < answer.index(rooms[code])
        here.at(LAST, "19:30")
        assert "Xem cho ai" in held.write("doi nguoi")
        held.tap(names["DB0901"])
        assert names["DB0901"] in held.write("xe toi so may")


def test_one_who_refuses_consent(chromium: Browser, here: Congress) -> None:
    with phone(chromium, here, "refusing") as hers:
        hers.scan(here.card("DB0002"))
        hers.tap("Tiếng Việt")
        for _ in range(3):
            hers.tap("Tiếp tục")
        assert "không đồng ý" in hers.tap("Không đồng ý")
        room = here.record("DB0002").room
        assert "Đại biểu muốn xem ngày nào" in hers.tap("Xem chương trình")
        hers.write("1")
        assert "nhà vệ sinh" in hers.write("nha ve sinh o dau").lower()
        assert room not in hers.write("toi o phong nao")
        hers.write("0")
        assert "không đồng ý" in hers.write("/dulieu")
        here.at(LAST, "20:00")
        assert "Bàn hướng dẫn" in hers.control("Gặp người hỗ trợ")
        assert f"Phòng của đại biểu: {room}" not in hers.all_heard()


def test_one_who_lost_her_phone(chromium: Browser, here: Congress) -> None:
    code = "DB0420"
    room = here.record(code).room
    with phone(chromium, here, "lost") as lost, phone(chromium, here, "lost-new") as new:
        settle_in(lost, code)
        assert room in lost.write("toi o phong nao")
        here.at(OPENING, "12:00")
        record = here.record(code)
        frozen = here.do(lambda work: desk.freeze_addresses(work, record, "desk 2"))
        assert frozen.addresses == 1
        card = here.do(lambda work: desk.reissue(work, here.bot.vault, record, "desk 2"))
        assert room not in lost.write("toi o phong nao")
        assert "Xem phòng" not in " ".join(lost.labels())
        lost.page.reload()
        assert room not in lost.all_heard()  # whoever found it reads nothing of before
        new.scan(card)
        new.tap("Tiếng Việt")
        agree(new)
        new.write(here.digits(code))
        assert room in new.write("toi o phong nao")
        here.at(LAST, "20:00")
        assert "Số xe của đại biểu" in new.write("xe toi so may")
        assert room not in lost.write("phong cua toi")


def test_one_with_a_wrong_room(chromium: Browser, here: Congress, tmp_path: Path) -> None:
    event, code = here.event_id, "DB0700"
    with phone(chromium, here, "wrong-room") as hers:
        settle_in(hers, code)
        room = here.record(code).room
        assert room in hers.write("toi o phong nao")
        assert "đã nhận yêu cầu sửa" in hers.tap("Chưa đúng")
        waiting = here.do(lambda work: work.requests.waiting(event))
        assert [(one.kind, one.field) for one in waiting] == [(RequestKind.CORRECTION, "room")]
        here.at(ARRIVAL, "09:00")
        _import_room(here, tmp_path, code, "1777")
        here.do(lambda work: desk.close_request(work, event, waiting[0].id, "desk 1"))
        assert "1777" in hers.write("toi o phong nao")
        assert here.do(lambda work: work.requests.waiting(event)) == []
        here.at(LAST, "20:00")
        assert "1777" in hers.write("phong cua toi so may")


def test_a_stranger_with_a_found_card(chromium: Browser, here: Congress) -> None:
    code = "DB1500"
    record = here.record(code)
    with phone(chromium, here, "stranger") as found:
        card = here.card(code)
        found.scan(card)
        found.tap("Tiếng Việt")
        agree(found)
        right = here.digits(code)
        for guess in [one for one in ("1111", "2222", "3333", "4444", "5555") if one != right][:5]:
            said = found.write(guess)
        assert "15 phút" in said
        for question in ("toi o phong nao", "xe cua toi", "ghe cua toi", "toi la ai", "/dulieu"):
            found.write(question)
        found.write("0")
        found.control("Gặp người hỗ trợ")
        frozen = here.do(lambda work: desk.freeze_card(work, record, "desk 1"))
        assert frozen
        here.at(ARRIVAL, "10:00")
        found.scan(card)
        found.write(right)
        here.at(LAST, "20:00")
        found.write("toi o phong nao")
        told = found.all_heard()
        for secret in (record.full_name, f"Phòng của đại biểu: {record.room}", record.delegation):
            assert secret not in told


def _import_room(here: Congress, folder: Path, code: str, room: str) -> None:
    """The hotel moved her: the organiser's next list says so, and is imported."""
    book = openpyxl.load_workbook(resource("content") / "sample" / "roster.xlsx")
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows())
    head = next(row for row in rows if any(cell.value == "Phòng" for cell in row))
    column = next(cell.column for cell in head if cell.value == "Phòng")
    line = next(row[0].row for row in rows if any(cell.value == code for cell in row))
    sheet.cell(line, column).value = room
    path = folder / "roster.xlsx"
    book.save(path)
    read_in = read(path)
    languages = here.bot.texts.languages
    names = language_table(names_of(languages, here.bot.knowledge[here.event_id].event.languages))
    parsed = parse_rows(read_in, map_headers(read_in), names)
    source = Source(path.name, sha256_of(path.read_bytes()), "desk 1")
    here.do(lambda work: apply(work, here.bot.vault, here.event_id, parsed, source))
